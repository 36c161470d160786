/** Small line drawings that stand before a word and never replace it. */
export type IconName =
  'seats' | 'luggage' | 'gears' | 'fuel' | 'place' | 'clock' | 'shield' | 'people'

const PATHS: Record<IconName, string> = {
  seats: 'M7 3h3l1.4 8.4H17V16M8.4 11.4 9 16h8v4M9 16v4',
  luggage: 'M6 8h12v11H6zM9.5 8V5h5v3M10 12v4M14 12v4M8.5 19v1.6M15.5 19v1.6',
  gears: 'M6 5.5v13M12 5.5v13M18 5.5V12H6M6 4.2v1M12 4.2v1M18 4.2v1M6 19.6v-1M12 19.6v-1',
  fuel: 'M5 20V4.5h8V20M3.6 20h10.8M7 8h4M13 11h2.4v5.6a1.6 1.6 0 0 0 3.2 0V9L16 6.4',
  place:
    'M12 21s6.5-6.2 6.5-11a6.5 6.5 0 0 0-13 0c0 4.800 6.500 11 6.500 11ZM12 7.800a2.200 2.200 0 1 0 0 4.400 2.200 2.200 0 0 0 0-4.400Z',
  clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16Zm0 3.600V12l3 2',
  shield:
    'M12 3.500 19 6v5.500c0 4.200-2.900 7.400-7 9-4.100-1.600-7-4.800-7-9V6ZM8.800 11.800l2.300 2.300 4.200-4.600',
  people:
    'M9 11.500a3.200 3.200 0 1 0 0-6.400 3.200 3.200 0 0 0 0 6.400ZM3 19c.6-3.200 3-5 6-5s5.400 1.800 6 5M16 11.200a2.600 2.600 0 1 0-.8-5M17 14.200c2.200.4 3.600 2 4 4.600',
}

export const Icon = ({ name }: { name: IconName }) => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={PATHS[name]} />
  </svg>
)
