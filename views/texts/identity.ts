/** Pictures of one's id and licence. */
import type { Text } from '../language.ts'

export const identityTexts = {
  identityTitle: ['Your id and licence', 'Kitambulisho na leseni yako'],
  identityText: [
    'Photographs of your papers, so that the car is handed over quickly.',
    'Picha za hati zako, ili ukabidhiwe gari haraka.',
  ],
  identityLead: [
    'Send them once. We keep them locked and show them only to whoever hands you the car.',
    'Zitume mara moja. Tunazihifadhi kwa usiri na kuzionyesha tu kwa anayekukabidhi gari.',
  ],
  identityRules: [
    'JPEG, PNG or WebP, up to {n} MB each. An iPhone’s HEIC and PDFs cannot be opened. We take out where and when a picture was taken.',
    'JPEG, PNG au WebP, hadi MB {n} kila moja. HEIC ya iPhone na PDF hazifunguki. Tunaondoa mahali na wakati picha ilipopigwa.',
  ],
  identityEither: [
    'Send both sides of your national id, or your passport.',
    'Tuma pande zote mbili za kitambulisho, au pasipoti yako.',
  ],
  kind_national_id_front: ['National id, front', 'Kitambulisho, mbele'],
  kind_national_id_back: ['National id, back', 'Kitambulisho, nyuma'],
  kind_passport: ['Passport, the page with your photo', 'Pasipoti, ukurasa wenye picha yako'],
  kind_licence_front: ['Driving licence, front', 'Leseni ya udereva, mbele'],
  kind_licence_back: ['Driving licence, back', 'Leseni ya udereva, nyuma'],
  identity_none: ['not sent yet', 'bado haijatumwa'],
  identity_received: ['we look at it', 'tunaiangalia'],
  identity_accepted: ['accepted', 'imekubaliwa'],
  identity_refused: ['send it again', 'tuma tena'],
  identity_expired: ['over', 'imeisha muda'],
  identity_replaced: ['replaced', 'imebadilishwa'],
  refusal_unreadable: [
    'We cannot read it. Take it in good light, without a flash.',
    'Haisomeki. Piga picha penye mwanga mzuri, bila flash.',
  ],
  refusal_cut_off: [
    'A part is cut off. All four corners must be on the picture.',
    'Sehemu imekatika. Pembe zote nne lazima zionekane kwenye picha.',
  ],
  refusal_other_paper: [
    'This is another paper or the other side of it.',
    'Hii ni hati nyingine au upande wake mwingine.',
  ],
  refusal_over: ['This paper is no longer valid.', 'Hati hii imeisha muda.'],
  refusal_other_person: [
    'The name is not the one of your account. Talk to our desk.',
    'Jina si la akaunti yako. Ongea na dawati letu.',
  ],
  refusal_not_the_paper: [
    'Photograph the paper itself, not a copy or a screen.',
    'Piga picha hati yenyewe, si nakala wala skrini.',
  ],
  pictureOf: ['Your picture: {kind}', 'Picha yako: {kind}'],
  pictureToSend: ['Picture', 'Picha'],
  pictureSend: ['Send this picture', 'Tuma picha hii'],
  pictureSendOther: ['Send another picture', 'Tuma picha nyingine'],
  pictureReceived: [
    'We have your picture. You see here when somebody has looked at it.',
    'Tumepokea picha yako. Utaona hapa ikishaangaliwa.',
  ],
  goodUntil: ['Good until {day}', 'Halali hadi {day}'],
  licenceNumber: ['Number of the licence', 'Nambari ya leseni'],
  licenceUntil: ['Its last day', 'Siku yake ya mwisho'],
} as const satisfies Record<string, Text>
