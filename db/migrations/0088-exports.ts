/**
 * What we hold about somebody, copied for them (Data Protection Act 2019, sections 26 and 38): each wish, what is gathered of it so
 * far, and the files until they go. What is gathered and the files are sealed by the key of their person.
 */
export const exports = {
  name: '0088-exports',
  up: `
CREATE TABLE exports (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES users,
  status text NOT NULL CHECK (status IN ('waiting', 'gathering', 'ready', 'expired', 'stopped')),
  asked_by text NOT NULL, asked_at timestamptz NOT NULL DEFAULT now(),
  -- The worker's sweep has started its story.
  started_at timestamptz,
  -- How far it is, for the page of whoever waits.
  sections_done integer NOT NULL DEFAULT 0 CHECK (sections_done >= 0),
  ready_at timestamptz, expires_at timestamptz, ended_at timestamptz,
  -- The letter that says that it is ready.
  tell_tries integer NOT NULL DEFAULT 0, tell_at timestamptz NOT NULL DEFAULT now(), told_at timestamptz,
  CHECK ((status IN ('expired', 'stopped')) = (ended_at IS NOT NULL)),
  CHECK (status <> 'ready' OR num_nonnulls(ready_at, expires_at) = 2)
);
CREATE UNIQUE INDEX exports_one ON exports (user_id) WHERE status IN ('waiting', 'gathering');
CREATE INDEX exports_user ON exports (user_id, asked_at DESC);
CREATE INDEX exports_to_start ON exports (asked_at) WHERE started_at IS NULL AND status = 'waiting';
CREATE INDEX exports_to_tell ON exports (tell_at) WHERE told_at IS NULL AND status = 'ready';

CREATE TABLE export_pieces (
  export_id uuid NOT NULL REFERENCES exports, section text NOT NULL, batch integer NOT NULL,
  user_id uuid NOT NULL REFERENCES users,
  content_sealed bytea NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (export_id, section, batch)
);
CREATE INDEX export_pieces_made ON export_pieces (made_at);

CREATE TABLE export_files (
  export_id uuid NOT NULL REFERENCES exports, format text NOT NULL CHECK (format IN ('json', 'pdf')),
  user_id uuid NOT NULL REFERENCES users,
  content_sealed bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (export_id, format)
);
CREATE INDEX export_files_expire ON export_files (expires_at);

INSERT INTO permissions (name, resource, action, description) VALUES
  ('exports:create', 'exports', 'create', 'Have all we hold about a customer copied for them, when they ask us to');
INSERT INTO role_permissions (role, permission, granted_by)
SELECT role, 'exports:create', 'system' FROM unnest('{manager,admin}'::text[]) AS role;
`,
}
