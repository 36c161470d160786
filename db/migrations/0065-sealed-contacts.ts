/** The phone of a company's contact is sealed; the column that stands open stays for the release before, as with people (0062). */
import { sealOpenCompanies } from '../sealing-companies.ts'
import { givingWay, type Migration } from './migration.ts'

export const sealedContacts: Migration = {
  name: '0065-sealed-contacts',
  steps: [
    givingWay(
      'ALTER TABLE companies ADD COLUMN IF NOT EXISTS contact_phone_sealed bytea, ALTER COLUMN contact_phone DROP NOT NULL',
    ),
    `CREATE OR REPLACE FUNCTION forget_sealed_contact() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       IF NEW.contact_phone IS DISTINCT FROM OLD.contact_phone
         AND NEW.contact_phone_sealed IS NOT DISTINCT FROM OLD.contact_phone_sealed THEN
         NEW.contact_phone_sealed := NULL;
       END IF;
       RETURN NEW;
     END $$`,
    givingWay(`CREATE OR REPLACE TRIGGER companies_forget_sealed BEFORE UPDATE OF contact_phone ON companies FOR EACH ROW
      WHEN (current_setting('gari.sealing', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION forget_sealed_contact()`),
    async (db) => {
      while (await sealOpenCompanies(db));
    },
  ],
}
