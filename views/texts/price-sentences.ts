/** What is said of codes, extras and prices that changed, in Swahili. Keyed by the English, as in `sentences.ts`. */
export const priceSentences: Record<string, string> = {
  'This code cannot be used here': 'Msimbo huu hauwezi kutumika hapa',
  'There are not so many of it': 'Hakuna nyingi kiasi hicho',
  'The price has changed': 'Bei imebadilika',
  'This code is not good for this trip.': 'Msimbo huu haufai kwa safari hii.',
  'Leave it out, or look at it again.': 'Uache, au uuangalie tena.',
  'This code has been used as often as it can be.':
    'Msimbo huu umetumika mara zote zinazoruhusiwa.',
  'You have used this code as often as you can.': 'Umeutumia msimbo huu mara zote unazoruhusiwa.',
  'We have no such extra.': 'Hatuna kitu hicho cha ziada.',
  'Nothing was booked.': 'Hakuna kilichowekwa.',
  'We have no such quote any more.': 'Hatuna tena makadirio hayo ya bei.',
}
