/** Which failures of `fetch` prove that not one byte of the request went out. */

type Cause = { code?: unknown; syscall?: unknown; errors?: unknown }

const CERTIFICATE =
  /^(CERT_|ERR_TLS_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|HOSTNAME_MISMATCH)/

/**
 * Looking the name up, opening the connection and checking the certificate all come before the first byte of a
 * request, so a failure in one of them proves that none was sent. A reset or a read time-out proves nothing.
 */
export function neverSent(error: unknown): boolean {
  const cause = causeOf(error)
  if (!cause) return false
  // Several addresses of one name were tried: each must have failed before sending.
  if (Array.isArray(cause.errors)) return cause.errors.every((one) => isConnecting(one as Cause))
  return isConnecting(cause)
}

/** By shape and not by class, which differs between realms. */
const causeOf = (error: unknown): Cause | null => {
  if (typeof error !== 'object' || error === null || !('cause' in error)) return null
  return typeof error.cause === 'object' ? error.cause : null
}

const isConnecting = ({ code, syscall }: Cause): boolean =>
  syscall === 'connect' ||
  syscall === 'getaddrinfo' ||
  code === 'UND_ERR_CONNECT_TIMEOUT' ||
  (typeof code === 'string' && CERTIFICATE.test(code))
