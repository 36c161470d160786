/**
 * Every place where a car can ever stand: where it belongs, and where a drive was to bring it (the drives come with 0039: one
 * table is locked at a time). Nothing is ever taken away, because a drive that was called off may have had others behind it.
 */
export const carPlaces = {
  name: '0038-car-places',
  up: `
CREATE TABLE car_places (
  location_code text NOT NULL REFERENCES locations ON DELETE CASCADE,
  vehicle_id uuid NOT NULL REFERENCES vehicles ON DELETE CASCADE,
  PRIMARY KEY (location_code, vehicle_id));

CREATE FUNCTION keep_car_home() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO car_places (location_code, vehicle_id) VALUES (NEW.location_code, NEW.id) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER vehicles_home_kept AFTER INSERT OR UPDATE OF location_code ON vehicles
  FOR EACH ROW EXECUTE FUNCTION keep_car_home();
`,
}
