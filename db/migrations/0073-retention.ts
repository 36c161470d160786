/** What each night has found of what we hold, and how much of it was over its time (Data Protection Act 2019, section 39). */
export const retention = {
  name: '0073-retention',
  up: `
CREATE TABLE retention_runs (
  day date NOT NULL, kind text NOT NULL, part text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(), finished_at timestamptz,
  -- How many still name somebody, since when, how many were overwritten that night, and how many will be within thirty days.
  held bigint, oldest timestamptz, gone bigint, soon bigint,
  PRIMARY KEY (day, part)
);
INSERT INTO permissions (name, resource, action, description)
VALUES ('retention:read', 'retention', 'read', 'See what we hold about people, and what will go when');
INSERT INTO role_permissions (role, permission, granted_by)
SELECT name, 'retention:read', 'system' FROM roles WHERE name IN ('manager', 'operations', 'admin');
`,
}
