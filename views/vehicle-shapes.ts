/**
 * Side views of six bodies, facing right, on a ground line at y = 130 in a box of 320 by 150.
 * `top` runs from the lower rear corner over the roof to the lower front corner; the sill and the wheel
 * arches are added by the drawing.
 */
import type { BodyType } from '../domain/fleet.ts'

export type VehicleShape = {
  top: string
  /** Where the sill meets the rear and the front. */
  ends: readonly [rear: number, front: number]
  sill: number
  wheels: readonly [rear: number, front: number]
  radius: number
  glass: readonly string[]
  seams: readonly string[]
  handles: readonly (readonly [x: number, y: number])[]
  shoulder: string
  headlight: string
  taillight: string
  mirror: readonly [x: number, y: number]
  /** Dark parts: bumpers, racks, a spare wheel, cladding. */
  trim: readonly string[]
  /** Height above which the colour is lit. */
  waist: number
}

export const SHAPES: Record<BodyType, VehicleShape> = {
  hatchback: {
    top: 'M56 114C48 112 46 104 46 96 46 86 49 76 56 68L70 48C75 41 82 38 94 37L148 36C176 36 190 47 211 66 236 69 262 75 271 87 276 94 277 106 272 114',
    ends: [56, 272],
    sill: 114,
    wheels: [90, 231],
    radius: 19,
    glass: [
      'M70 66 81 50C84 46 88 44.500 95 44L112 43.500V66.500Z',
      'M118 43.500 148 43C150 43 152 43 154 43.300V67H118Z',
      'M160 44.200C174 47 186 56 198 67.500L160 67Z',
    ],
    seams: ['M115 43V102C115 107 118 110 121 112', 'M157 43V112', 'M204 70C208 84 206 98 200 108'],
    handles: [
      [124, 76],
      [166, 76],
    ],
    shoulder: 'M50 80C100 74 190 73 262 80',
    headlight: 'M252 79C262 79 268 83 271 89L258 88C254 86 252 83 252 79Z',
    taillight: 'M54 71 62 72C62 80 58 86 48 88 48 82 50 76 54 71Z',
    mirror: [203, 64],
    trim: ['M47 101H60L58 108 50 108Z', 'M274 101H262L260 108 273 108Z'],
    waist: 92,
  },
  sedan: {
    top: 'M26 114C19 111 17 103 18 95 18 86 20 79 27 74 44 70 58 69 72 67 90 50 106 41 134 40L160 40C188 40 204 52 222 66 252 69 284 76 296 88 301 95 302 107 297 114',
    ends: [26, 297],
    sill: 114,
    wheels: [78, 246],
    radius: 19,
    glass: [
      'M84 67C97 55 108 48 124 46.800V67.500Z',
      'M130 46.500 150 46.300V68H130Z',
      'M156 46.300C180 46 194 56 209 68.500L156 68Z',
    ],
    seams: [
      'M127 46V94C121 97 113 104 110 112',
      'M153 46V112',
      'M213 70C219 84 216 98 211 110',
      'M72 67C62 72 44 74 28 75',
    ],
    handles: [
      [133, 77],
      [164, 77],
    ],
    shoulder: 'M20 84C90 75 200 73 288 84',
    headlight: 'M272 79.500C284 80.500 293 84 297 90L279 89C275 87 272 84 272 79.500Z',
    taillight: 'M26 75 42 73.500C43 80 36 86 19 87 19 82 21 78 26 75Z',
    mirror: [213, 65],
    trim: ['M18 102H34L32 109 22 109Z', 'M300 102H286L284 109 298 109Z'],
    waist: 92,
  },
  suv: {
    top: 'M36 110C29 107 27 98 28 88 28 78 31 68 36 59L50 38C55 31 62 28.500 74 28L168 28C190 28 206 42 222 59 252 62 283 68 294 81 299 90 300 103 296 110',
    ends: [36, 296],
    sill: 110,
    wheels: [82, 243],
    radius: 23,
    glass: [
      'M52 59 63 42C66 37.500 70 36 76 36L84 36V59.500Z',
      'M90 36H132V60H90Z',
      'M138 36H164C182 36.500 196 47 209 60.500L138 60Z',
    ],
    seams: ['M87 35V78C95 82 107 92 110 106', 'M135 35V106', 'M214 62C219 76 216 92 211 104'],
    handles: [
      [96, 70],
      [147, 70],
    ],
    shoulder: 'M31 76C100 68 210 66 286 76',
    headlight: 'M269 71.500C282 72.500 291 76 295 83L277 82C272 80 269 76 269 71.500Z',
    taillight: 'M37 60 46 61C47 70 42 78 29 80 29 72 32 66 37 60Z',
    mirror: [213, 58],
    trim: [
      'M70 24.500H168L172 28H66Z',
      'M28 96 54 96 56 110H36C30 107 28 102 28 96Z',
      'M299 96H272L270 110H296C299 106 300 101 299 96Z',
      'M110 103H215V110H110Z',
    ],
    waist: 84,
  },
  offroad: {
    top: 'M40 106 36 102V44C36 32 40 27 52 27L184 27C191 27 194 29 197 34L213 61 282 64C292 65 295 69 296 76L298 102 294 106',
    ends: [40, 294],
    sill: 106,
    wheels: [84, 246],
    radius: 25,
    glass: [
      'M48 36H88V60H48Z',
      'M96 36H138V60H96Z',
      'M146 36H182C186 36 188 37 190 40L202 60H146Z',
    ],
    seams: ['M92 32V76C102 80 113 90 116 104', 'M142 32V104', 'M208 62V82', 'M36 66H296'],
    handles: [
      [102, 72],
      [152, 72],
    ],
    shoulder: 'M36 66H292',
    headlight: 'M281 70H294L296 82H281Z',
    taillight: 'M36 68H43V84H36Z',
    mirror: [206, 56],
    trim: [
      'M20 50H33C35 50 36 52 36 54V92C36 94 35 96 33 96H26C22 96 20 93 20 89Z',
      'M44 17H180V20H176V27H172V20H140V27H136V20H90V27H86V20H54V27H50V20H44Z',
      'M36 94H52L54 106H40L36 102Z',
      'M300 92H276L274 106H294L304 103V95Z',
      'M116 100H214V106H116Z',
      'M210 62 214 62 216 30H221V26H212Z',
    ],
    waist: 82,
  },
  van: {
    top: 'M28 112C23 109 22 104 22 98V36C22 26 27 21 38 20.500L206 20C226 20 238 25 250 42L268 66C284 69 295 75 298 86 300 96 300 106 296 112',
    ends: [28, 296],
    sill: 112,
    wheels: [74, 248],
    radius: 20,
    glass: [
      'M32 36H78V62H32Z',
      'M86 36H140V62H86Z',
      'M148 36H190V62H148Z',
      'M198 36H218C228 36 233 39 238 46L250 64H198Z',
    ],
    seams: [
      'M82 30V108',
      'M144 30V110',
      'M82 71H144',
      'M194 30V110',
      'M256 66C262 76 262 84 258 90',
    ],
    handles: [
      [134, 78],
      [202, 76],
    ],
    shoulder: 'M24 74C110 71 220 71 292 80',
    headlight: 'M278 72C289 75 295 80 297 88L283 86C279 82 277 77 278 72Z',
    taillight: 'M22 68H28V92H22Z',
    mirror: [258, 60],
    trim: [
      'M22 100H46L48 112H28C24 110 22 106 22 100Z',
      'M300 100H276L274 112H296C299 108 300 104 300 100Z',
    ],
    waist: 88,
  },
  pickup: {
    top: 'M24 108C18 106 16 102 16 97V65H128L134 60V46C135 36 140 31 151 30.500L186 30C204 30 214 42 229 60 260 62 288 68 297 80 302 89 303 102 299 108',
    ends: [24, 299],
    sill: 108,
    wheels: [70, 250],
    radius: 23,
    glass: [
      'M140 60V48C141 41 144 38 151 38L160 37.500V60Z',
      'M166 37.500 184 37.200C198 37.500 206 47 216 61L166 60.500Z',
    ],
    seams: ['M131 62V104', 'M163 37V104', 'M221 63C226 76 223 92 217 104', 'M16 72H128'],
    handles: [
      [139, 71],
      [172, 71],
    ],
    shoulder: 'M16 72H128C180 68 240 68 289 77',
    headlight: 'M274 70.500C286 71.500 294 75 298 82L281 81C277 79 274 75 274 70.500Z',
    taillight: 'M16 67H23V84H16Z',
    mirror: [219, 58],
    trim: [
      'M14 60H128V65H14Z',
      'M108 60 114 38H120L126 60H120L117 46 114 60Z',
      'M12 98H42L44 108H24C17 106 13 103 12 98Z',
      'M303 95H279L277 108H299C303 104 304 99 303 95Z',
      'M98 102H222V108H98Z',
    ],
    waist: 83,
  },
}
