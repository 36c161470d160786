/** Pictures of ids and driving licences: what was sent and decided, and beside it the picture, sealed by its owner's key. */
export const identityDocuments = {
  name: '0094-identity-documents',
  up: `
CREATE TABLE identity_documents (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users,
  kind text NOT NULL CHECK (kind IN ('national_id_front', 'national_id_back', 'passport', 'licence_front', 'licence_back')),
  status text NOT NULL DEFAULT 'received' CHECK (status IN ('received', 'accepted', 'refused', 'replaced')),
  received_at timestamptz NOT NULL, received_by text NOT NULL,
  decided_at timestamptz, decided_by text,
  refusal text CHECK (refusal IN ('unreadable', 'cut_off', 'other_paper', 'over', 'other_person', 'not_the_paper')),
  -- The last day on which the paper is good.
  valid_until date,
  width integer NOT NULL, height integer NOT NULL, bytes integer NOT NULL,
  CHECK (status NOT IN ('accepted', 'refused') OR num_nulls(decided_at, decided_by) = 0),
  CHECK (status <> 'refused' OR refusal IS NOT NULL),
  CHECK (status <> 'accepted' OR kind NOT IN ('licence_front', 'passport') OR valid_until IS NOT NULL)
);
CREATE UNIQUE INDEX identity_documents_one ON identity_documents (user_id, kind) WHERE status <> 'replaced';
CREATE INDEX identity_documents_user ON identity_documents (user_id, received_at DESC);
CREATE INDEX identity_documents_waiting ON identity_documents (received_at, id) WHERE status = 'received';
CREATE INDEX identity_documents_age ON identity_documents (received_at);

-- By itself, so that nothing that reads what was decided carries pictures along, and another store can take its place.
CREATE TABLE identity_pictures (
  document_id uuid PRIMARY KEY REFERENCES identity_documents ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES users,
  picture_sealed bytea NOT NULL
);
-- What is encrypted does not become smaller.
ALTER TABLE identity_pictures ALTER COLUMN picture_sealed SET STORAGE EXTERNAL;

INSERT INTO permissions (name, resource, action, description)
SELECT name, split_part(name, ':', 1), split_part(name, ':', 2), description FROM (VALUES
  ('own_identity_documents:read', 'See one’s own pictures of id and licence'),
  ('own_identity_documents:create', 'Send pictures of one’s own id and licence'),
  ('identity_documents:read', 'See pictures of customers’ ids and licences, each look counted'),
  ('identity_documents:create', 'Send pictures of a customer’s id and licence at the counter'),
  ('identity_documents:execute', 'Accept or refuse pictures of customers’ ids and licences')
) AS given (name, description);
INSERT INTO role_permissions (role, permission, granted_by)
SELECT role, unnest(string_to_array(names, ' ')), 'system' FROM (VALUES
  ('customer', 'own_identity_documents:read own_identity_documents:create'),
  ('desk', 'identity_documents:read identity_documents:create identity_documents:execute')
) AS given (role, names);
`,
}
