/** People: users, customers, roles, sessions, one-time codes. */
export const people = {
  name: '0001-people',
  up: `
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS citext;

CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;

CREATE TABLE users (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  kind text NOT NULL CHECK (kind IN ('customer', 'employee', 'admin')),
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'inactive', 'suspended', 'deleted')),
  email citext UNIQUE,
  password_hash text,
  first_name text NOT NULL,
  last_name text NOT NULL,
  phone text CHECK (phone ~ '^\\+[1-9][0-9]{6,14}$'),
  date_of_birth date,
  email_verified boolean NOT NULL DEFAULT false,
  phone_verified boolean NOT NULL DEFAULT false,
  two_factor_on boolean NOT NULL DEFAULT false,
  language text NOT NULL DEFAULT 'en' CHECK (language IN ('en', 'sw')),
  last_login_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL DEFAULT 'system', updated_by text NOT NULL DEFAULT 'system'
);
-- One account for each phone that was proven by a code and has no e-mail: a guest who comes back is the same guest.
CREATE UNIQUE INDEX users_guest_phone ON users (phone) WHERE email IS NULL AND phone_verified;
CREATE TRIGGER users_touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();

CREATE SEQUENCE customer_number_seq;
CREATE TABLE customers (
  user_id uuid PRIMARY KEY REFERENCES users,
  number text NOT NULL UNIQUE DEFAULT 'CUS-' || lpad(nextval('customer_number_seq')::text, 6, '0'),
  marketing_consent boolean NOT NULL DEFAULT false,
  loyalty_member boolean NOT NULL DEFAULT false,
  loyalty_points integer NOT NULL DEFAULT 0 CHECK (loyalty_points >= 0),
  risk_level text NOT NULL DEFAULT 'low' CHECK (risk_level IN ('low', 'medium', 'high')),
  credit_score integer,
  total_rentals integer NOT NULL DEFAULT 0,
  total_spent_cents bigint NOT NULL DEFAULT 0,
  notes text,
  created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE roles (
  name text PRIMARY KEY, description text NOT NULL, parent_role text REFERENCES roles,
  system boolean NOT NULL DEFAULT false
);
INSERT INTO roles (name, description, system) VALUES
  ('desk', 'Hands cars over and takes them back', true),
  ('finance', 'Looks after payments and refunds', true),
  ('manager', 'Runs the fleet, prices and people', true),
  ('operations', 'Keeps the workflows going', true);
CREATE TABLE role_assignments (
  user_id uuid NOT NULL REFERENCES users, role text NOT NULL REFERENCES roles,
  given_by text NOT NULL, given_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz, active boolean NOT NULL DEFAULT true,
  PRIMARY KEY (user_id, role)
);

CREATE TABLE sessions (
  token_hash bytea PRIMARY KEY,
  user_id uuid REFERENCES users,
  kind text NOT NULL CHECK (kind IN ('page', 'bearer')),
  csrf text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE one_time_codes (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  phone_hash bytea NOT NULL, code_hash bytea NOT NULL, purpose text NOT NULL,
  expires_at timestamptz NOT NULL, attempts integer NOT NULL DEFAULT 0, used_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX one_time_codes_phone ON one_time_codes (phone_hash, created_at DESC);
`,
}
