/** Servers that do what real ones do in front of a doctor: TLS before PostgreSQL, mail with and without it, a web address. */
import { createServer as createWeb, type RequestListener } from 'node:http'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { SMTPServer } from 'smtp-server'
import type { Certificate } from '../../support/certificates.ts'

export type Standing = { port: number; stop: () => Promise<void> }

const portOf = (server: Server): number => (server.address() as AddressInfo).port

async function stand(server: Server, sockets: Set<Socket>): Promise<Standing> {
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  return { port: portOf(server), stop }
}

/** As PostgreSQL answers who asks for TLS: `S`, then the handshake; what comes then goes to the real one. */
export const startTlsBefore = (postgresPort: number, { key, cert }: Certificate) => {
  const server = createServer((socket) => {
    socket.once('data', () => {
      socket.write('S')
      const secure = new TLSSocket(socket, { isServer: true, key, cert })
      const real = connect(postgresPort, '127.0.0.1')
      for (const one of [secure, real]) one.on('error', () => socket.destroy())
      secure.on('close', () => real.destroy())
      secure.pipe(real).pipe(secure)
    })
  })
  return stand(server, new Set())
}

/** With a certificate it offers STARTTLS, without one it does not. */
export async function startMailServer(certificate: Certificate | null): Promise<Standing> {
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    hideSTARTTLS: certificate === null,
    disabledCommands: certificate === null ? ['STARTTLS'] : [],
    ...(certificate ? { key: certificate.key, cert: certificate.cert } : {}),
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: portOf(server.server),
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

export const startWeb = (listener: RequestListener) => stand(createWeb(listener), new Set())

/** Takes connections and says nothing, for ever. */
export const startSilence = () => stand(createServer(), new Set())
