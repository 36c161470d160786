/** The password, the sessions, and the links that are mailed. */
import type { Text } from '../language.ts'

export const securityTexts = {
  myAccount: ['Account', 'Akaunti'],
  forgotLink: ['I forgot my password', 'Nimesahau nywila'],
  forgotTitle: ['Forgot your password?', 'Umesahau nywila?'],
  forgotLead: [
    'Type the e-mail of your account. We send a link with which you choose a new password.',
    'Andika barua pepe ya akaunti yako. Tutatuma kiungo cha kuchagua nywila mpya.',
  ],
  forgotButton: ['Send me the link', 'Nitumie kiungo'],
  forgotSentTitle: ['Look into your mail', 'Angalia barua pepe yako'],
  forgotSent: [
    'If there is an account with {email}, a link is on its way. It is good for an hour.',
    'Kama kuna akaunti yenye {email}, kiungo kiko njiani. Kinatumika kwa saa moja.',
  ],
  forgotNothing: [
    'Nothing came? Look among unwanted mail, or check how you spelt it and ask again.',
    'Hakuna kilichofika? Angalia barua zisizohitajika, au kagua ulivyoandika uombe tena.',
  ],
  resetTitle: ['Choose a new password', 'Chagua nywila mpya'],
  resetLead: [
    'For the account with {email}. Every device will be signed out.',
    'Kwa akaunti yenye {email}. Vifaa vyote vitatolewa.',
  ],
  newPassword: ['New password', 'Nywila mpya'],
  resetButton: ['Save the new password', 'Hifadhi nywila mpya'],
  proveTitle: ['Is this your e-mail?', 'Je, hii ni barua pepe yako?'],
  proveButton: ['Yes, it is mine', 'Ndiyo, ni yangu'],
  provenTitle: ['Thank you', 'Asante'],
  proven: ['Now we know that {email} is yours.', 'Sasa tunajua kwamba {email} ni yako.'],
  linkOverTitle: ['This link is no longer good', 'Kiungo hiki hakitumiki tena'],
  linkOver: [
    'It was used, is too old, or a newer one was sent.',
    'Kimetumika, kimepitwa na wakati, au kipya zaidi kimetumwa.',
  ],
  linkNew: ['I want a new password', 'Nataka nywila mpya'],
  accountTitle: ['Your account', 'Akaunti yako'],
  sendProof: ['Send me the link again', 'Nitumie kiungo tena'],
  changeTitle: ['Change your password', 'Badilisha nywila'],
  currentPassword: ['The password you have now', 'Nywila uliyo nayo sasa'],
  changeButton: ['Change the password', 'Badilisha nywila'],
  passwordChanged: [
    'Your password is changed. Every other device was signed out.',
    'Nywila yako imebadilishwa. Vifaa vingine vyote vimetolewa.',
  ],
  linkIsSent: ['The link is on its way.', 'Kiungo kiko njiani.'],
  sessionsTitle: ['Where you are signed in', 'Mahali ulipoingia'],
  thisDevice: ['This device', 'Kifaa hiki'],
  aProgram: ['A program', 'Programu'],
  unknownDevice: ['A browser', 'Kivinjari'],
  lastSeen: ['last used {time}', 'ilitumika mwisho {time}'],
  programsTitle: ['Programs that you let in', 'Programu ulizoruhusu'],
  programsIn: [
    'They are not part of gari and act for you. Signing out everywhere else ends all of them.',
    'Si sehemu ya gari na zinakufanyia kazi. Kutoa kwingine kote kutazikomesha zote.',
  ],
  programUntil: ['Until {time}.', 'Hadi {time}.'],
  programEnd: ['Take back', 'Ondoa'],
  endSession: ['Sign out', 'Toa'],
  endAll: ['Sign out everywhere else', 'Toa kwingine kote'],
} as const satisfies Record<string, Text>
