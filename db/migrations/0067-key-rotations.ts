/** Each time the master key was replaced, how far it came and what was left. */
export const keyRotations = {
  name: '0067-key-rotations',
  up: `
CREATE TABLE key_rotations (
  id uuid PRIMARY KEY,
  master_key_id text NOT NULL,
  status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'finished', 'stopped')),
  rewrapped integer NOT NULL DEFAULT 0 CHECK (rewrapped >= 0),
  outcome jsonb,
  started_by text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  CHECK ((status = 'running') = (finished_at IS NULL))
);
-- One at a time: two at once would undo each other for ever.
CREATE UNIQUE INDEX key_rotations_running ON key_rotations (status) WHERE status = 'running';

INSERT INTO permissions (name, resource, action, description)
VALUES ('master_keys:execute', 'master_keys', 'execute', 'Wrap everybody’s keys by another master key');
INSERT INTO role_permissions (role, permission, granted_by) VALUES ('operations', 'master_keys:execute', 'system');
`,
}
