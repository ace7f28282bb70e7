const EARTH_KM = 6371.0088
const RADIANS = Math.PI / 180

/** WGS84 degrees. */
export type Point = { latitude: number; longitude: number }

/** The distance between two points on a sphere (haversine), in kilometres. */
export function distanceKm(a: Point, b: Point): number {
  const north = Math.sin(((b.latitude - a.latitude) * RADIANS) / 2)
  const east = Math.sin(((b.longitude - a.longitude) * RADIANS) / 2)
  const cosines = Math.cos(a.latitude * RADIANS) * Math.cos(b.latitude * RADIANS)
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(north * north + cosines * east * east)))
}
