/** Counts as people here write them: 1,204. */
export const whole = (count: number): string => count.toLocaleString('en')
