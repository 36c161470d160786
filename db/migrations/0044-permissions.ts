/**
 * Roles and what they allow, as data. A role has whatever its parent has; people of the house are customers as well, for they
 * may book too. What stands here is the beginning: administrators change it.
 */
export const permissions = {
  name: '0044-permissions',
  up: `
ALTER TABLE roles
  ADD COLUMN version integer NOT NULL DEFAULT 1,
  ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(), ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN created_by text NOT NULL DEFAULT 'system', ADD COLUMN updated_by text NOT NULL DEFAULT 'system',
  ADD CONSTRAINT roles_name CHECK (name ~ '^[a-z][a-z0-9_]{1,39}$'),
  ADD CONSTRAINT roles_no_own_parent CHECK (parent_role <> name);
CREATE TRIGGER roles_touch BEFORE UPDATE ON roles FOR EACH ROW EXECUTE FUNCTION touch();

-- Two changes at once could each be fine and make a circle together, so they go one after the other.
CREATE FUNCTION refuse_role_circle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('roles'));
  IF EXISTS (
    WITH RECURSIVE above AS (
      SELECT name, parent_role FROM roles WHERE name = NEW.parent_role
      UNION SELECT r.name, r.parent_role FROM roles r JOIN above a ON r.name = a.parent_role)
    SELECT 1 FROM above WHERE name = NEW.name OR parent_role = NEW.name)
  THEN RAISE EXCEPTION 'role % would inherit from itself', NEW.name USING ERRCODE = 'check_violation', CONSTRAINT = 'roles_no_circle';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER roles_no_circle BEFORE INSERT OR UPDATE OF parent_role ON roles
  FOR EACH ROW WHEN (NEW.parent_role IS NOT NULL) EXECUTE FUNCTION refuse_role_circle();

CREATE TABLE permissions (
  name text PRIMARY KEY, resource text NOT NULL,
  action text NOT NULL CHECK (action IN ('create', 'read', 'update', 'delete', 'execute')),
  description text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK (name = resource || ':' || action)
);
CREATE TABLE role_permissions (
  role text NOT NULL REFERENCES roles ON DELETE CASCADE, permission text NOT NULL REFERENCES permissions,
  granted_by text NOT NULL, granted_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (role, permission)
);

INSERT INTO roles (name, description, parent_role, system) VALUES
  ('customer', 'Books, pays, and sees what is theirs', NULL, true),
  ('staff', 'What everybody who works here may do', 'customer', true),
  ('owner', 'Lets rooms through us', 'customer', true),
  ('workshop', 'Looks after the cars', 'staff', true),
  ('sales', 'Sells cars', 'staff', true),
  ('admin', 'Looks after accounts and roles', 'staff', true);
UPDATE roles SET parent_role = 'staff' WHERE name IN ('desk', 'finance', 'operations');
UPDATE roles SET parent_role = 'desk' WHERE name = 'manager';

INSERT INTO permissions (name, resource, action, description)
SELECT name, split_part(name, ':', 1), split_part(name, ':', 2), description FROM (VALUES
  ('own_reservations:create', 'Book for oneself'),
  ('own_reservations:read', 'See one’s own bookings'),
  ('own_reservations:delete', 'Cancel one’s own bookings'),
  ('own_payments:create', 'Pay for one’s own bookings and charges'),
  ('own_payments:read', 'See one’s own payments'),
  ('own_charges:read', 'See one’s own charges'),
  ('own_documents:read', 'See one’s own invoices and receipts'),
  ('own_documents:update', 'Say who is billed for one’s own bookings'),
  ('reservations:read', 'See every booking'),
  ('reservations:delete', 'Cancel every booking'),
  ('desk:read', 'Open the desk: pick-ups, returns and what is not paid'),
  ('payments:read', 'See every payment'),
  ('payments:create', 'Take payments for anybody'),
  ('unmatched_money:update', 'Say whose money it is that came without a name'),
  ('refunds:create', 'Ask for a refund'),
  ('refunds:execute', 'Decide about refunds that others ask for'),
  ('cash_refunds:execute', 'Hand a refund over in cash'),
  ('tills:create', 'Set tills up and look after those of others'),
  ('tills:execute', 'Open, count and close a till'),
  ('day_closes:create', 'Close a day’s takings'),
  ('companies:update', 'Keep company accounts and their credit'),
  ('bank_transfers:execute', 'Confirm that a bank transfer has come'),
  ('charges:read', 'See every charge'),
  ('charges:create', 'Make charges, and end them'),
  ('documents:read', 'See every invoice, receipt and credit note'),
  ('documents:update', 'Say who is billed for any booking'),
  ('invoices:create', 'Write invoices and credit notes'),
  ('ledger:read', 'Read the ledger'),
  ('ledger:create', 'Ask for a correction of the ledger'),
  ('ledger:execute', 'Agree to corrections that others ask for'),
  ('reconciliation:read', 'See how our books compare with the provider’s'),
  ('reconciliation:execute', 'Compare our books with the provider’s and settle what differs'),
  ('workflows:read', 'See the workflows behind bookings and payments'),
  ('workflows:execute', 'Retry or resolve a workflow that is stuck'),
  ('payloads:read', 'Read what workflows carry, in clear'),
  ('users:read', 'See who has an account'),
  ('users:create', 'Open accounts for staff'),
  ('users:update', 'Suspend and reopen accounts'),
  ('roles:read', 'See roles and what they allow'),
  ('roles:create', 'Make roles'),
  ('roles:update', 'Change what a role allows'),
  ('roles:delete', 'Take a role away for good'),
  ('role_assignments:create', 'Give somebody a role'),
  ('role_assignments:delete', 'Take a role from somebody'),
  ('audit:read', 'Read who changed what')
) AS given (name, description);

INSERT INTO role_permissions (role, permission, granted_by)
SELECT role, unnest(string_to_array(names, ' ')), 'system' FROM (VALUES
  ('customer', 'own_reservations:create own_reservations:read own_reservations:delete own_payments:create own_payments:read ' ||
    'own_charges:read own_documents:read own_documents:update'),
  ('staff', 'reservations:read charges:read'),
  ('desk', 'desk:read reservations:delete payments:create refunds:create cash_refunds:execute ' ||
    'tills:execute documents:update charges:create'),
  ('finance', 'payments:read payments:create unmatched_money:update refunds:create refunds:execute tills:create ' ||
    'day_closes:create companies:update bank_transfers:execute documents:read documents:update invoices:create ' ||
    'ledger:read ledger:create ledger:execute reconciliation:read reconciliation:execute charges:create'),
  ('manager', 'payments:read unmatched_money:update refunds:execute workflows:read tills:create day_closes:create ' ||
    'companies:update bank_transfers:execute documents:read invoices:create ledger:read ledger:execute ' ||
    'reconciliation:read users:read roles:read audit:read'),
  ('operations', 'desk:read workflows:read workflows:execute payloads:read'),
  ('admin', 'users:read users:create users:update roles:read roles:create roles:update roles:delete role_assignments:create ' ||
    'role_assignments:delete audit:read')
) AS given (role, names);
`,
}
