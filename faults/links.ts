/** The connections of a house that can be spoiled. */
import type { Environment } from '../config.ts'
import { freePort } from '../local/ports.ts'
import { prepareToxiproxy } from '../local/toxiproxy-program.ts'
import { HOST, type Site } from './engines.ts'
import { startProxies, type Proxy } from './proxies.ts'

/** From whom to whom; `front` is where people and M-Pesa come in, `kafka` is everybody's. */
const LINKS = [
  'front',
  'api-postgres',
  'api-temporal',
  'workers-postgres',
  'workers-temporal',
  'kafka',
  'daraja',
  'mail',
  'sms',
  'etims',
] as const
export type Link = (typeof LINKS)[number]

/** A proxy in each, healthy until somebody spoils it. */
export async function openLinks({ folder, ports, door, cache }: Site) {
  const program = await prepareToxiproxy(cache)
  const proxies = await startProxies({ program, port: await freePort(), dir: folder })
  const leadsTo: Record<Link, number> = {
    front: ports.api,
    'api-postgres': ports.postgres,
    'workers-postgres': ports.postgres,
    'api-temporal': ports.temporal,
    'workers-temporal': ports.temporal,
    kafka: door.port,
    daraja: ports.daraja,
    mail: ports.smtp,
    sms: ports.sms,
    etims: ports.etims,
  }
  const links: Partial<Record<Link, Proxy>> = {}
  for (const link of LINKS) {
    const at = link === 'kafka' ? door.advertised : await freePort()
    links[link] = await proxies.open(link, at, `${HOST}:${leadsTo[link]}`)
  }
  return { proxies, links: links as Record<Link, Proxy> }
}

/** What all processes are told of where others are. */
export const throughLinks = (links: Record<Link, Proxy>): Environment => ({
  DARAJA_BASE_URL: `http://${links.daraja.address}`,
  SMTP_URL: `smtp://${links.mail.address}`,
  SMS_BASE_URL: `http://${links.sms.address}`,
  ETIMS_URL: `http://${links.etims.address}`,
  KAFKA_BROKERS: links.kafka.address,
})
