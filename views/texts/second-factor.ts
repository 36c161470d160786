/** Codes of an app, codes on paper, passkeys: setting them up and using them. */
import type { Text } from '../language.ts'

export const secondFactorTexts = {
  factorTitle: ['A second step when you sign in', 'Hatua ya pili unapoingia'],
  factorLead: [
    'Whoever learns your password still cannot get in: your phone is needed too.',
    'Anayejua nywila yako bado hawezi kuingia: simu yako pia inahitajika.',
  ],
  factorMust: [
    'People who work here need one. Set it up now; then you can go on.',
    'Wanaofanya kazi hapa wanahitaji moja. Iweke sasa; kisha unaweza kuendelea.',
  ],
  factorApp: ['Codes of an app', 'Misimbo ya programu'],
  factorAppText: [
    'An app on your phone shows a new code every half a minute: Google Authenticator, Aegis, 1Password or any other.',
    'Programu kwenye simu yako huonyesha msimbo mpya kila nusu dakika: Google Authenticator, Aegis, 1Password au nyingine yoyote.',
  ],
  factorOn: ['on', 'imewashwa'],
  factorOff: ['off', 'imezimwa'],
  setUpApp: ['Set up an app', 'Weka programu'],
  scanTitle: ['Scan this with your app', 'Changanua hii kwa programu yako'],
  scanText: [
    'Open the app, choose to add an account, and point the camera here.',
    'Fungua programu, chagua kuongeza akaunti, kisha elekeza kamera hapa.',
  ],
  scanType: ['Or type this key into it:', 'Au andika ufunguo huu ndani yake:'],
  scanLabel: ['QR code for your app', 'Msimbo wa QR kwa programu yako'],
  scanCode: ['The code that the app shows now', 'Msimbo unaoonyeshwa na programu sasa'],
  scanButton: ['Turn it on', 'Iwashe'],
  papersTitle: ['Keep these codes on paper', 'Hifadhi misimbo hii kwenye karatasi'],
  papersText: [
    'If you lose your phone, each of them lets you in once. We show them only now.',
    'Ukipoteza simu, kila mmoja unakuruhusu kuingia mara moja. Tunaionyesha sasa tu.',
  ],
  papersDone: ['I have written them down', 'Nimeziandika'],
  papersLeft: ['{n} codes on paper are left', 'Misimbo {n} ya karatasi imebaki'],
  newPapers: ['Make new codes for paper', 'Tengeneza misimbo mipya ya karatasi'],
  turnOffApp: ['Turn the app off', 'Zima programu'],
  changeFactor: ['To change something, type a code', 'Ili kubadilisha, andika msimbo'],
  factorCodeHint: [
    'Six digits of your app, or one of the codes on paper.',
    'Tarakimu sita za programu yako, au msimbo mmoja wa karatasi.',
  ],
  factorDoneApp: [
    'The app is on. Every other device was signed out.',
    'Programu imewashwa. Vifaa vingine vyote vimetolewa.',
  ],
  factorDoneOff: ['The app is off.', 'Programu imezimwa.'],
  factorDonePasskey: ['The passkey is ready.', 'Ufunguo wa siri uko tayari.'],
  factorDoneNoPasskey: ['The passkey is gone.', 'Ufunguo wa siri umeondolewa.'],
  factorAgain: [
    'To add or take away something, sign in again: this browser may stand open.',
    'Ili kuongeza au kuondoa kitu, ingia tena: huenda kivinjari hiki kimeachwa wazi.',
  ],
  factorAgainButton: ['Sign in again', 'Ingia tena'],
  factorLink: ['Second step and passkeys', 'Hatua ya pili na funguo za siri'],
  factorLinkText: [
    'Protect your account with your phone, too.',
    'Linda akaunti yako kwa simu yako pia.',
  ],
  secondTitle: ['One more step', 'Hatua moja zaidi'],
  secondText: [
    'Type the code that your app shows now.',
    'Andika msimbo unaoonyeshwa na programu yako sasa.',
  ],
  secondLost: [
    'No phone at hand? Type one of your codes on paper, or call us.',
    'Huna simu? Andika msimbo mmoja wa karatasi, au tupigie simu.',
  ],
  secondOther: ['Sign in as somebody else', 'Ingia kama mtu mwingine'],
  passkeysTitle: ['Passkeys', 'Funguo za siri'],
  passkeysText: [
    'Sign in with your fingerprint, your face or the lock of your screen, and no password.',
    'Ingia kwa alama ya kidole, uso au kufuli ya skrini yako, bila nywila.',
  ],
  passkeyAdd: ['Add a passkey', 'Ongeza ufunguo wa siri'],
  passkeyRemove: ['Remove', 'Ondoa'],
  passkeyUsed: ['last used {time}', 'ulitumika mwisho {time}'],
  passkeyNew: ['not used yet', 'haujatumika bado'],
  passkeyButton: ['Sign in with a passkey', 'Ingia kwa ufunguo wa siri'],
  passkeyNeedsScript: [
    'Your browser cannot use passkeys here.',
    'Kivinjari chako hakiwezi kutumia funguo za siri hapa.',
  ],
  passkeyFailed: [
    'That did not work. Try again, or sign in another way.',
    'Haikufaulu. Jaribu tena, au ingia kwa njia nyingine.',
  ],
} as const satisfies Record<string, Text>
