/** What an administrator says of a program of others. */
import { z } from 'zod'
import { isRedirectUri, OAUTH_LIMITS } from '../oauth.ts'
import { scopes } from './api-keys.ts'

const facts = {
  name: z
    .string('Give the program a name.')
    .trim()
    .min(1, 'Give the program a name.')
    .max(OAUTH_LIMITS.nameLength, `At most ${OAUTH_LIMITS.nameLength} characters.`)
    .regex(/^[^\p{Cc}<>]*$/u, 'A name cannot have the signs < and >, nor line breaks.'),
  scopes,
}

const redirectUri = z
  .string()
  .max(OAUTH_LIMITS.uriLength, `At most ${OAUTH_LIMITS.uriLength} characters.`)
  .refine(isRedirectUri, 'Use https, http to 127.0.0.1 or [::1], or a scheme like com.example.app.')

export const oauthClientRequest = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('public'),
      ...facts,
      redirect_uris: z
        .array(redirectUri, 'Say where its answers go.')
        .min(1, 'Say where its answers go.')
        .max(OAUTH_LIMITS.redirectUris, `At most ${OAUTH_LIMITS.redirectUris} addresses.`),
    }),
    z.strictObject({ kind: z.literal('server'), ...facts }),
  ],
  { error: 'Say public or server.' },
)
