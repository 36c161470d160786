/**
 * A refresh token is used once and gives the next one; all of one session are a family. The used ones stay as long as the
 * session, so that one which comes back is known for what it is.
 */
export const refreshTokens = {
  name: '0052-refresh-tokens',
  up: `
CREATE TABLE refresh_tokens (
  token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
  session_hash bytea NOT NULL REFERENCES sessions ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  used_at timestamptz
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_hash);
`,
}
