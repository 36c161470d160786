/**
 * Asks a program that is written for Node's own requests, and answers as ours do: so it stands behind our doors (headers, limits,
 * request ids), and whatever is asked without a port in tests is answered too.
 */
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'

export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** Keeps what it is told instead of sending it. */
class KeptResponse extends ServerResponse {
  readonly chunks: Buffer[] = []

  override write(chunk: string | Uint8Array): boolean {
    this.chunks.push(Buffer.from(chunk as Uint8Array))
    return true
  }

  override end(chunk?: unknown): this {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) this.write(chunk)
    this.emit('finish')
    return this
  }
}

type Where = {
  /** Where the program believes it is, with its own part of the path. */
  publicUrl: string
  mountedAt: string
}

/** A request as Node would have read it. What a proxy has said is not handed on: who we are stands in our settings. */
export function toNodeRequest(
  request: Request,
  body: Uint8Array,
  { publicUrl, mountedAt }: Where,
): IncomingMessage {
  const { pathname, search } = new URL(request.url)
  const { host, protocol } = new URL(publicUrl)
  const incoming = new IncomingMessage(new Socket())
  const original = `${pathname}${search}`
  incoming.method = request.method
  incoming.url = original.startsWith(mountedAt) ? original.slice(mountedAt.length) : original
  const headers = Object.fromEntries(
    [...request.headers].filter(([name]) => !/^(?:x-forwarded-|forwarded$)/.test(name)),
  )
  delete headers['transfer-encoding']
  incoming.headers = {
    ...headers,
    host,
    'x-forwarded-proto': protocol.slice(0, -1),
    ...(body.length > 0 ? { 'content-length': String(body.length) } : {}),
  }
  Object.assign(incoming, { originalUrl: original })
  if (body.length > 0) incoming.push(body)
  incoming.push(null)
  return incoming
}

export const emptyNodeResponse = (request: IncomingMessage): ServerResponse =>
  new KeptResponse(request)

const WITHOUT_BODY = new Set([204, 304])

export async function askNode(
  handler: NodeHandler,
  request: Request,
  where: Where,
): Promise<Response> {
  const body = new Uint8Array(await request.arrayBuffer())
  const incoming = toNodeRequest(request, body, where)
  const outgoing = new KeptResponse(incoming)
  await handler(incoming, outgoing)
  const headers = new Headers()
  for (const [name, value] of Object.entries(outgoing.getHeaders()))
    for (const one of [value ?? []].flat()) headers.append(name, String(one))
  const content = WITHOUT_BODY.has(outgoing.statusCode) ? null : Buffer.concat(outgoing.chunks)
  return new Response(content, { status: outgoing.statusCode, headers })
}
