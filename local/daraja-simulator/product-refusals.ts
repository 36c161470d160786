import { refusal, type Refusal } from './errors.ts'
import type { Product } from './product-names.ts'

const INVALID = 'Invalid Access Token'
const notSubscribed = refusal(
  401,
  '401.003.01',
  'Error Occurred - Invalid Access Token - Invalid API call as no apiproduct match found',
)
const invalid = refusal(404, '404.001.03', INVALID)

/** Each product says "not with this token" in a code of its own. */
export const tokenRefusal = (product: Product, token: string): Refusal => {
  switch (product) {
    case 'c2b':
    case 'transaction-status':
      return refusal(400, '400.003.01', INVALID)
    case 'b2c':
      return refusal(401, '401.003.01', `Error Occurred - Invalid Access Token - ${token}`)
    case 'account-balance':
      return refusal(401, '401.002.01', `Error Occurred - Invalid Access Token - ${token}`)
    case 'pull':
      return refusal(401, '401.001', INVALID)
    default:
      return invalid
  }
}

/** The token is good, but our app lacks the product. */
export const subscriptionRefusal = (product: Product, token: string): Refusal =>
  product === 'c2b' || product === 'b2c' ? notSubscribed : tokenRefusal(product, token)

export const wrongMethod = (product: Product, method: string): Refusal =>
  product === 'c2b' || product === 'transaction-status'
    ? refusal(404, '404.001.04', 'Invalid Authentication Header')
    : refusal(405, '405.001', `${method} Method Not Allowed`)

/** C2B knows its app by version as well. */
export const wrongVersion = notSubscribed
