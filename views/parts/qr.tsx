/** A QR code, as our library draws it. */
import { raw } from 'hono/html'

/** Only the plain svg of paths that our QR library draws is ever printed unescaped. */
const PLAIN_QR = /^<svg [^<>]*>(?:<(?:path|rect) [^<>]*\/>)+<\/svg>\s*$/
const EVENT_HANDLER = /\son\w+\s*=|\bhref\b|\bstyle\s*=/i

export const QrCode = ({ svg, label }: { svg: string; label: string }) =>
  PLAIN_QR.test(svg) && !EVENT_HANDLER.test(svg) ? (
    <div class="qr" role="img" aria-label={label}>
      {raw(svg)}
    </div>
  ) : null
