/** Photographs of cars at pick-up, at return and of damage (db/condition-photos.ts). */
export const conditionPhotos = {
  name: '0119-condition-photos',
  up: `
CREATE TABLE condition_photos (
  id uuid PRIMARY KEY,
  owner_kind text NOT NULL CHECK (owner_kind IN ('rental', 'damage')),
  owner_id uuid NOT NULL,
  -- By whose key it is sealed: the customer's who drove, or the house's.
  subject_id uuid NOT NULL,
  moment text NOT NULL CHECK (moment IN ('pickup', 'return', 'report', 'repair')),
  note text CHECK (length(note) BETWEEN 1 AND 200),
  taken_at timestamptz NOT NULL, taken_by text NOT NULL,
  width integer NOT NULL CHECK (width > 0), height integer NOT NULL CHECK (height > 0), bytes integer NOT NULL,
  -- Goes when its time is over; that there was one stays.
  picture_sealed bytea,
  created_at timestamptz NOT NULL DEFAULT now()
);
-- What is encrypted does not become smaller.
ALTER TABLE condition_photos ALTER COLUMN picture_sealed SET STORAGE EXTERNAL;
CREATE INDEX condition_photos_owner ON condition_photos (owner_kind, owner_id, taken_at);
CREATE INDEX condition_photos_subject ON condition_photos (subject_id);
CREATE INDEX condition_photos_age ON condition_photos (taken_at) WHERE picture_sealed IS NOT NULL;
`,
}
