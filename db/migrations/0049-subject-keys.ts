/** A key for each person, wrapped by a master key; personal columns are encrypted with it. */
export const subjectKeys = {
  name: '0049-subject-keys',
  up: `
CREATE TABLE subject_keys (
  subject_id uuid PRIMARY KEY,
  master_key_id text NOT NULL,
  wrapped bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  rewrapped_at timestamptz
);
CREATE INDEX subject_keys_master ON subject_keys (master_key_id, subject_id);
`,
}
