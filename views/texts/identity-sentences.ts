/** What is wrong with a picture or its form. Keyed by the English, as in `sentences.ts`. */
export const identitySentences: Record<string, string> = {
  'Choose a picture first.': 'Chagua picha kwanza.',
  'This is an HEIC picture, which we cannot open.':
    'Hii ni picha ya HEIC, ambayo hatuwezi kuifungua.',
  'Set the camera to JPEG and take it again (on an iPhone: “Most Compatible”).':
    'Weka kamera kwenye JPEG kisha piga tena (kwenye iPhone: “Most Compatible”).',
  'See one’s own pictures of id and licence': 'Kuona picha za kitambulisho na leseni yako',
  'Send pictures of one’s own id and licence': 'Kutuma picha za kitambulisho na leseni yako',
  'This is a PDF.': 'Hii ni PDF.',
  'Send a photograph of the paper instead, as JPEG, PNG or WebP.':
    'Badala yake tuma picha ya hati, kama JPEG, PNG au WebP.',
  'We cannot open this as a picture.': 'Hatuwezi kufungua hii kama picha.',
  'Send a photograph as JPEG, PNG or WebP.': 'Tuma picha kama JPEG, PNG au WebP.',
  'This picture is too large to open.': 'Picha hii ni kubwa mno kufunguliwa.',
  'Take it again with a smaller size.': 'Piga tena kwa ukubwa mdogo.',
  'This picture is too small to read.': 'Picha hii ni ndogo mno kusomeka.',
  'Take it again from nearer.': 'Piga tena kwa karibu.',
  'This picture has not come whole.': 'Picha hii haijafika yote.',
  'Send it again, or take another one.': 'Itume tena, au piga nyingine.',
  'This picture took too long to open.': 'Picha hii imechukua muda mrefu kufunguka.',
  'Take another one.': 'Piga nyingine.',
  'The picture came too slowly.': 'Picha imefika polepole mno.',
  'Try again, or send a smaller one.': 'Jaribu tena, au tuma ndogo zaidi.',
  'Send one picture at a time.': 'Tuma picha moja kwa wakati.',
  'Send a form (multipart/form-data) with the picture in it.':
    'Tuma fomu (multipart/form-data) yenye picha.',
  'Many people are sending pictures just now.': 'Watu wengi wanatuma picha sasa hivi.',
  'Try again in a minute.': 'Jaribu tena baada ya dakika moja.',
  'This address of a picture is over.': 'Anwani hii ya picha imeisha muda.',
  'Say what is on the picture.': 'Sema kilicho kwenye picha.',
  'Give the number as it is printed: letters and digits.':
    'Andika nambari kama ilivyochapishwa: herufi na tarakimu.',
  'Give the number with the front of the licence.': 'Andika nambari pamoja na mbele ya leseni.',
  'Give the number of the licence as well.': 'Andika nambari ya leseni pia.',
  'Say a day as 2027-01-31.': 'Andika siku kama 2027-01-31.',
}
