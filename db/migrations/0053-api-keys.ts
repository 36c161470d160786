/**
 * Keys for programs. Each does some of what its owner may do, never more, and only while the owner may have keys at all. Uses are
 * counted by Nairobi's days.
 */
export const apiKeys = {
  name: '0053-api-keys',
  up: `
CREATE TABLE api_keys (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  key_hash bytea NOT NULL UNIQUE CHECK (octet_length(key_hash) = 32),
  -- Its first letters, by which its owner tells it from others.
  beginning text NOT NULL CHECK (length(beginning) <= 10),
  scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz, last_used_at timestamptz, revoked_at timestamptz
);
CREATE UNIQUE INDEX api_keys_name ON api_keys (user_id, lower(name)) WHERE revoked_at IS NULL;
CREATE INDEX api_keys_over ON api_keys (least(expires_at, revoked_at))
  WHERE least(expires_at, revoked_at) IS NOT NULL;

CREATE TABLE api_key_uses (
  key_id uuid NOT NULL REFERENCES api_keys ON DELETE CASCADE, day date NOT NULL,
  uses integer NOT NULL CHECK (uses > 0),
  PRIMARY KEY (key_id, day)
);
CREATE INDEX api_key_uses_day ON api_key_uses (day);

INSERT INTO permissions (name, resource, action, description)
VALUES ('api_keys:create', 'api_keys', 'create', 'Make keys by which programs do some of what one may oneself');
INSERT INTO role_permissions (role, permission, granted_by)
SELECT name, 'api_keys:create', 'system' FROM roles WHERE name IN ('finance', 'manager', 'operations', 'admin');
`,
}
