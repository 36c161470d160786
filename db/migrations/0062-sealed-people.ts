/**
 * Phones and days of birth of people are sealed, and a phone is found by a keyed hash. The columns that stand open stay for the release
 * before this one, until its processes are gone (db/sealing-people.ts); a later release takes them away.
 */
import { sealOpenPeople } from '../sealing-people.ts'
import { buildIndex, type Migration } from './migration.ts'

export const sealedPeople: Migration = {
  name: '0062-sealed-people',
  up: `
ALTER TABLE users ADD COLUMN phone_sealed bytea, ADD COLUMN phone_index bytea, ADD COLUMN date_of_birth_sealed bytea;

-- A release that knows nothing of the sealed columns has written: what stands there is no longer so, and is sealed anew.
CREATE FUNCTION forget_sealed_before() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.phone IS DISTINCT FROM OLD.phone AND NEW.phone_sealed IS NOT DISTINCT FROM OLD.phone_sealed THEN
    NEW.phone_sealed := NULL; NEW.phone_index := NULL;
  END IF;
  IF NEW.date_of_birth IS DISTINCT FROM OLD.date_of_birth
    AND NEW.date_of_birth_sealed IS NOT DISTINCT FROM OLD.date_of_birth_sealed THEN
    NEW.date_of_birth_sealed := NULL;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER users_forget_sealed BEFORE UPDATE OF phone, date_of_birth ON users FOR EACH ROW
  WHEN (current_setting('gari.sealing', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION forget_sealed_before();

-- Sealing changes nothing that somebody could write over.
DROP TRIGGER users_version ON users;
CREATE TRIGGER users_version BEFORE UPDATE OF kind, status, email, email_verified, first_name, last_name, phone, phone_sealed,
  phone_verified, date_of_birth, date_of_birth_sealed, language, version ON users FOR EACH ROW
  WHEN (current_setting('gari.sealing', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION count_version();
`,
}

const GUESTS = 'users_guest_phone_index'

export const peopleFoundByIndex: Migration = {
  name: '0063-people-found-by-index',
  steps: [
    `DROP INDEX CONCURRENTLY IF EXISTS ${GUESTS}`,
    `CREATE UNIQUE INDEX CONCURRENTLY ${GUESTS} ON users (phone_index) WHERE email IS NULL AND phone_verified`,
    ...buildIndex('users_phone_index', 'users (phone_index) WHERE phone_index IS NOT NULL'),
    // Both are empty soon, and go with the open columns.
    ...buildIndex(
      'users_unsealed',
      `users (id) WHERE (phone IS NOT NULL AND phone_sealed IS NULL)
         OR (date_of_birth IS NOT NULL AND date_of_birth_sealed IS NULL)`,
    ),
    ...buildIndex('users_open', 'users (id) WHERE phone IS NOT NULL OR date_of_birth IS NOT NULL'),
    async (db) => {
      while (await sealOpenPeople(db));
    },
  ],
}
