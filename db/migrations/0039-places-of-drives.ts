/** A booked drive starts where its car stands, so one that ends where it began adds no place. Nobody knows that of other holds. */
export const placesOfDrives = {
  name: '0039-places-of-drives',
  up: `
CREATE FUNCTION keep_car_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO car_places (location_code, vehicle_id)
  SELECT NEW.to_location, v.id FROM vehicles v WHERE v.id = NEW.resource_id ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER holds_place_kept AFTER INSERT OR UPDATE OF resource_id, from_location, to_location ON holds
  FOR EACH ROW WHEN (NEW.to_location IS NOT NULL
    AND (NEW.to_location IS DISTINCT FROM NEW.from_location OR NEW.purpose <> 'reservation'))
  EXECUTE FUNCTION keep_car_place();
`,
}
