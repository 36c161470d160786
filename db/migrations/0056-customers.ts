/**
 * Customers as staff look after them: where they live, which version somebody has seen, and who may do what about them, about
 * cars and about bookings. The version counts whatever is shown of a person, whoever writes it.
 */
export const customersKept = {
  name: '0056-customers',
  up: `
ALTER TABLE users ADD COLUMN version integer NOT NULL DEFAULT 1;
CREATE FUNCTION count_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.version := OLD.version + 1; RETURN NEW; END $$;
-- Signing in changes nothing that somebody could write over.
CREATE TRIGGER users_version BEFORE UPDATE OF kind, status, email, email_verified, first_name, last_name, phone, phone_verified,
  date_of_birth, language, version ON users FOR EACH ROW EXECUTE FUNCTION count_version();

-- One of each kind; the one to write to, where there are several, is the primary one.
CREATE TABLE customer_addresses (
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('billing', 'shipping', 'emergency', 'work', 'home')),
  line1 text NOT NULL, line2 text NOT NULL DEFAULT '', city text NOT NULL, state text NOT NULL DEFAULT '',
  postcode text NOT NULL DEFAULT '', country text NOT NULL, is_primary boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL, updated_by text NOT NULL,
  PRIMARY KEY (user_id, kind)
);
CREATE UNIQUE INDEX customer_addresses_primary ON customer_addresses (user_id) WHERE is_primary;
CREATE TRIGGER customer_addresses_touch BEFORE UPDATE ON customer_addresses FOR EACH ROW EXECUTE FUNCTION touch();

INSERT INTO permissions (name, resource, action, description)
SELECT name, split_part(name, ':', 1), split_part(name, ':', 2), description FROM (VALUES
  ('own_reservations:update', 'Say what one wishes for one’s own bookings'),
  ('reservations:update', 'Write down what somebody wishes for any booking'),
  ('vehicles:read', 'See all that is known of a car'),
  ('vehicles:create', 'Add cars to the fleet'),
  ('vehicles:update', 'Change what is known of a car'),
  ('vehicles:delete', 'Take cars out of the fleet'),
  ('customers:read', 'See customers, without how to reach them'),
  ('customers:create', 'Open accounts for customers'),
  ('customers:update', 'Change what is known of a customer'),
  ('customer_contacts:read', 'See customers’ phones, e-mails and addresses')
) AS given (name, description);
INSERT INTO role_permissions (role, permission, granted_by)
SELECT role, unnest(string_to_array(names, ' ')), 'system' FROM (VALUES
  ('customer', 'own_reservations:update'),
  ('staff', 'vehicles:read'),
  ('desk', 'reservations:update customers:read customers:create customers:update customer_contacts:read'),
  ('finance', 'customers:read'),
  ('manager', 'vehicles:create vehicles:update vehicles:delete')
) AS given (role, names);
`,
}
