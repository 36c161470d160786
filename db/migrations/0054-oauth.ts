/**
 * Programs of others (OAuth 2.1), and what they were given: codes, tokens, consents, and authorizations under way. Of each record we
 * keep the hash of its id, which is the code or token itself, and its content sealed by a key that the database does not know.
 */
export const oauth = {
  name: '0054-oauth',
  up: `
CREATE TABLE oauth_clients (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  -- public: on somebody's device, so it has no secret. server: acts for whoever registered it.
  kind text NOT NULL CHECK (kind IN ('public', 'server')),
  redirect_uris text[] NOT NULL,
  scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
  secret_hash bytea CHECK (octet_length(secret_hash) = 32),
  owner_id uuid NOT NULL REFERENCES users,
  created_at timestamptz NOT NULL DEFAULT now(), revoked_at timestamptz,
  CHECK (CASE kind WHEN 'public' THEN secret_hash IS NULL AND cardinality(redirect_uris) > 0
    ELSE secret_hash IS NOT NULL AND cardinality(redirect_uris) = 0 END)
);

CREATE TABLE oauth_records (
  model text NOT NULL, id_hash bytea NOT NULL CHECK (octet_length(id_hash) = 32),
  grant_hash bytea, account_id uuid REFERENCES users ON DELETE CASCADE,
  client_id uuid REFERENCES oauth_clients ON DELETE CASCADE,
  scopes text[] NOT NULL DEFAULT '{}', sealed bytea NOT NULL,
  expires_at timestamptz NOT NULL, consumed_at timestamptz,
  PRIMARY KEY (model, id_hash)
);
CREATE INDEX oauth_records_grant ON oauth_records (grant_hash) WHERE grant_hash IS NOT NULL;
CREATE INDEX oauth_records_account ON oauth_records (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX oauth_records_client ON oauth_records (client_id) WHERE client_id IS NOT NULL;
CREATE INDEX oauth_records_over ON oauth_records (expires_at);

INSERT INTO permissions (name, resource, action, description)
VALUES ('oauth_clients:create', 'oauth_clients', 'create', 'Say which programs of others may ask people to let them in');
INSERT INTO role_permissions (role, permission, granted_by)
SELECT name, 'oauth_clients:create', 'system' FROM roles WHERE name IN ('manager', 'admin');
`,
}
