/** Sentences that the rules write in English, keyed by that English. What is missing stays English. */
export const sentences: Record<string, string> = {
  'The pick-up time is in the past.': 'Saa ya kuchukua gari imepita.',
  'We need at least 30 minutes to get the car ready.': 'Tunahitaji angalau dakika 30 kuandaa gari.',
  'You can book up to one year ahead.': 'Unaweza kuweka nafasi hadi mwaka mmoja mbele.',
  'The return time must be after the pick-up time.':
    'Saa ya kurudisha lazima iwe baada ya saa ya kuchukua.',
  'The shortest rental is 2 hours.': 'Muda mfupi zaidi wa kukodi ni saa 2.',
  'The longest rental is 90 days. Call us for more.':
    'Muda mrefu zaidi wa kukodi ni siku 90. Tupigie kwa zaidi.',
}
