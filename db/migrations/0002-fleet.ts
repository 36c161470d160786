/** The fleet, and the one calendar of everything that can be taken. */
export const fleet = {
  name: '0002-fleet',
  up: `
CREATE TABLE locations (
  code text PRIMARY KEY, name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('airport', 'downtown', 'hotel', 'mall', 'residential')),
  city text NOT NULL, address text NOT NULL, phone text NOT NULL,
  latitude double precision NOT NULL, longitude double precision NOT NULL,
  opening_hours jsonb NOT NULL, capacity integer,
  pickup_allowed boolean NOT NULL DEFAULT true, return_allowed boolean NOT NULL DEFAULT true,
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE location_fees (
  from_code text NOT NULL REFERENCES locations, to_code text NOT NULL REFERENCES locations,
  fee_cents bigint NOT NULL CHECK (fee_cents >= 0 AND fee_cents % 100 = 0),
  PRIMARY KEY (from_code, to_code)
);
CREATE TABLE vehicle_categories (
  code text PRIMARY KEY, name text NOT NULL, description text NOT NULL, body_type text NOT NULL,
  daily_rate_cents bigint NOT NULL CHECK (daily_rate_cents > 0 AND daily_rate_cents % 100 = 0),
  hourly_rate_cents bigint NOT NULL CHECK (hourly_rate_cents > 0 AND hourly_rate_cents % 100 = 0),
  per_km_rate_cents bigint NOT NULL CHECK (per_km_rate_cents >= 0),
  deposit_cents bigint NOT NULL CHECK (deposit_cents >= 0),
  seats integer NOT NULL, luggage integer NOT NULL,
  transmission text NOT NULL CHECK (transmission IN ('manual', 'automatic')),
  fuel text NOT NULL CHECK (fuel IN ('petrol', 'diesel', 'hybrid', 'electric')),
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE resources (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), kind text NOT NULL
  CHECK (kind IN ('vehicle', 'driver', 'technician', 'bay', 'property')));
CREATE TABLE vehicles (
  id uuid PRIMARY KEY REFERENCES resources,
  number text NOT NULL UNIQUE, plate text NOT NULL UNIQUE,
  vin text NOT NULL UNIQUE CHECK (vin ~ '^[A-HJ-NPR-Z0-9]{17}$'),
  category_code text NOT NULL REFERENCES vehicle_categories,
  make text NOT NULL, model text NOT NULL, year integer NOT NULL, colour text NOT NULL,
  fuel_capacity_l integer, mileage_km integer NOT NULL DEFAULT 0 CHECK (mileage_km >= 0),
  bought_on date, bought_for_cents bigint,
  location_code text NOT NULL REFERENCES locations,
  status text NOT NULL DEFAULT 'available'
    CHECK (status IN ('available', 'rented', 'maintenance', 'out_of_service', 'retired', 'sold')),
  condition integer NOT NULL DEFAULT 5 CHECK (condition BETWEEN 1 AND 5),
  last_service_on date, next_service_km integer,
  insurance_policy text, insurance_expires_on date, registration_expires_on date, gps_device text,
  active boolean NOT NULL DEFAULT true,
  event_version bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL DEFAULT 'system', updated_by text NOT NULL DEFAULT 'system'
);
CREATE INDEX vehicles_choice ON vehicles (category_code, location_code) WHERE active;
CREATE TABLE features (code text PRIMARY KEY, name text NOT NULL, description text, kind text,
  extra_daily_rate_cents bigint NOT NULL DEFAULT 0);
CREATE TABLE vehicle_features (vehicle_id uuid REFERENCES vehicles, feature_code text REFERENCES features,
  PRIMARY KEY (vehicle_id, feature_code));

CREATE TABLE holds (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  resource_id uuid NOT NULL REFERENCES resources,
  period tstzrange NOT NULL CHECK (NOT isempty(period) AND lower(period) IS NOT NULL
    AND lower_inc(period) AND NOT upper_inc(period)),
  purpose text NOT NULL,
  owner text NOT NULL,
  state text NOT NULL CHECK (state IN ('held', 'confirmed', 'active', 'ended', 'released', 'expired')),
  expires_at timestamptz,
  from_location text REFERENCES locations, to_location text REFERENCES locations,
  created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
  CHECK (purpose = 'sale' OR NOT upper_inf(period)),
  CONSTRAINT holds_never_overlap EXCLUDE USING gist (resource_id WITH =, period WITH &&)
    WHERE (state IN ('held', 'confirmed', 'active'))
);
CREATE INDEX holds_owner ON holds (owner);
CREATE INDEX holds_lapsing ON holds (expires_at) WHERE state = 'held';
CREATE INDEX holds_position ON holds (resource_id, upper(period) DESC)
  WHERE state IN ('held', 'confirmed', 'active', 'ended');
CREATE TRIGGER holds_touch BEFORE UPDATE ON holds FOR EACH ROW EXECUTE FUNCTION touch();
`,
}
