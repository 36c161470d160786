/**
 * Every place where a car can ever stand: where it belongs, and where a drive was to bring it. A drive starts where its car
 * stands, so one that ends where it began adds nothing; nor is a place ever taken away, because a drive that was called off
 * may have had others behind it.
 */
export const carPlaces = {
  name: '0038-car-places',
  up: `
CREATE TABLE car_places (
  location_code text NOT NULL REFERENCES locations, vehicle_id uuid NOT NULL REFERENCES vehicles,
  PRIMARY KEY (location_code, vehicle_id));

CREATE FUNCTION keep_car_home() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO car_places (location_code, vehicle_id) VALUES (NEW.location_code, NEW.id) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER vehicles_home_kept AFTER INSERT OR UPDATE OF location_code ON vehicles
  FOR EACH ROW EXECUTE FUNCTION keep_car_home();

CREATE FUNCTION keep_car_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO car_places (location_code, vehicle_id)
  SELECT NEW.to_location, v.id FROM vehicles v WHERE v.id = NEW.resource_id ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER holds_place_kept AFTER INSERT OR UPDATE OF resource_id, from_location, to_location ON holds
  FOR EACH ROW WHEN (NEW.to_location <> NEW.from_location) EXECUTE FUNCTION keep_car_place();
`,
}
