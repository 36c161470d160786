/** Register, sign in, and the one-time code. */
import type { Text } from '../language.ts'

export const accountTexts = {
  registerTitle: ['Open an account', 'Fungua akaunti'],
  registerLead: [
    'So that you find your bookings again on any phone.',
    'Ili upate nafasi zako tena kwenye simu yoyote.',
  ],
  firstName: ['First name', 'Jina la kwanza'],
  lastName: ['Last name', 'Jina la mwisho'],
  email: ['E-mail', 'Barua pepe'],
  phone: ['Phone number', 'Nambari ya simu'],
  password: ['Password', 'Nywila'],
  passwordHint: ['At least 8 characters', 'Angalau herufi 8'],
  openAccount: ['Open my account', 'Fungua akaunti yangu'],
  haveAccount: ['I have an account', 'Nina akaunti'],
  noAccount: ['I have no account yet', 'Bado sina akaunti'],
  signInTitle: ['Sign in', 'Ingia'],
  howSignIn: ['How do you want to sign in?', 'Ungependa kuingia vipi?'],
  byPhone: ['Phone code', 'Msimbo wa simu'],
  byEmail: ['E-mail', 'Barua pepe'],
  byPhoneText: [
    'No account needed. We send a code by SMS.',
    'Huhitaji akaunti. Tutatuma msimbo kwa SMS.',
  ],
  yourName: ['Your name', 'Jina lako'],
  sendCode: ['Send me a code', 'Nitumie msimbo'],
  signInButton: ['Sign in', 'Ingia'],
  sampleSignIns: ['Sample sign-ins', 'Akaunti za mfano'],
  codeTitle: ['Type the code', 'Andika msimbo'],
  codeSentTo: [
    'We sent six digits by SMS to {phone}. They are good for 10 minutes.',
    'Tumetuma tarakimu sita kwa SMS kwa {phone}. Zinatumika kwa dakika 10.',
  ],
  code: ['Code', 'Msimbo'],
  codeButton: ['Continue', 'Endelea'],
  codeAgain: ['Send a new code', 'Tuma msimbo mpya'],
  codeOther: ['Use another number', 'Tumia nambari nyingine'],
  mailSentTitle: ['Look into your mail', 'Angalia barua pepe yako'],
  mailSentTo: ['We have sent a mail to', 'Tumetuma barua pepe kwa'],
  mailSentLink: [
    'Open the link in it, best on this phone or computer: that opens your account. It is good for a day. Have you an account already, the mail says so.',
    'Fungua kiungo kilichomo, ikiwezekana kwenye simu au kompyuta hii: hicho kinafungua akaunti yako. Kinatumika kwa siku moja. Ikiwa tayari una akaunti, barua pepe itakuambia.',
  ],
  mailSentNothing: [
    'Nothing there after some minutes? Look among the junk, and see whether the address is right.',
    'Hujaona kitu baada ya dakika chache? Angalia kwenye barua taka, na uhakikishe anwani ni sahihi.',
  ],
  mailSentBack: ['Correct it, or send it again', 'Rekebisha, au tuma tena'],
  openingLead: [
    'One press more, and your account is open.',
    'Bonyeza mara moja tu, na akaunti yako itafunguliwa.',
  ],
  openingPassword: ['The password that you chose', 'Nywila uliyochagua'],
  openingPasswordHint: [
    'Because this is not the browser in which you registered.',
    'Kwa sababu hiki si kivinjari ulichojisajilia.',
  ],
  openingNotYou: [
    'Was it not you? Then close this page: no account is opened.',
    'Kama si wewe, funga ukurasa huu: hakuna akaunti itakayofunguliwa.',
  ],
  openingOver: [
    'This link was used, or is older than a day. Was it you who used it? Then sign in; else register again.',
    'Kiungo hiki kimetumika, au kina zaidi ya siku moja. Ni wewe uliyekitumia? Basi ingia; la sivyo jisajili tena.',
  ],
  openingTakenTitle: ['You have an account already', 'Tayari una akaunti'],
  openingTaken: [
    'There is an account with this e-mail. Sign in, or choose a new password.',
    'Kuna akaunti yenye barua pepe hii. Ingia, au chagua nywila mpya.',
  ],
} as const satisfies Record<string, Text>
