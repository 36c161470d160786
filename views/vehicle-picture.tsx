/** Drawings of ours, one for each body and colour, served as /static/vehicles/<body>-<colour>.svg. */
import type { BodyType, Colour } from '../domain/fleet.ts'
import { SHAPES, type VehicleShape } from './vehicle-shapes.ts'

/** Paint, its shaded lower half, and its line where two panels meet. */
const PAINT: Record<Colour, readonly [paint: string, shade: string, line: string]> = {
  white: ['#f4f4ef', '#d9dad3', '#a9aba2'],
  silver: ['#c6cbcd', '#a3a9ac', '#7b8286'],
  black: ['#34383b', '#212427', '#54595d'],
  blue: ['#2f69ad', '#22507f', '#173a60'],
  red: ['#b8362c', '#8d261f', '#661a15'],
  green: ['#2f7a58', '#205a40', '#153e2c'],
  grey: ['#858c91', '#666d72', '#4a5054'],
  beige: ['#dccba6', '#bfab82', '#93825d'],
}
const TYRE = '#1d1f20'
const RIM = '#b9bfc2'
const TRIM = '#2a2d2f'
const GLASS = '#27363d'
const GROUND = 130

const wheelY = (shape: VehicleShape) => GROUND - shape.radius

/** The body's outline: over the roof, then back along the sill with a gap for each wheel. */
const outline = (shape: VehicleShape): string => {
  const arch = shape.radius + 4
  const drop = shape.sill - wheelY(shape)
  const half = Math.round(Math.sqrt(arch * arch - drop * drop) * 10) / 10
  const cut = (x: number) =>
    `L${x + half} ${shape.sill}A${arch} ${arch} 0 ${drop > 0 ? 1 : 0} 0 ${x - half} ${shape.sill}`
  return `${shape.top}${cut(shape.wheels[1])}${cut(shape.wheels[0])}L${shape.ends[0]} ${shape.sill}Z`
}

const wheel = (x: number, shape: VehicleShape): string => {
  const [y, r] = [wheelY(shape), shape.radius]
  const rim = Math.round(r * 0.64)
  const spokes = [0, 72, 144, 216, 288]
    .map((turn) => `<path d="M${x} ${y}v${-rim}" transform="rotate(${turn} ${x} ${y})"/>`)
    .join('')
  return [
    `<circle cx="${x}" cy="${y}" r="${r}" fill="${TYRE}"/>`,
    `<circle cx="${x}" cy="${y}" r="${rim}" fill="#5b6165"/>`,
    `<g stroke="${RIM}" stroke-width="${Math.round(r / 5)}" stroke-linecap="round">${spokes}</g>`,
    `<circle cx="${x}" cy="${y}" r="${rim}" fill="none" stroke="${RIM}" stroke-width="2"/>`,
    `<circle cx="${x}" cy="${y}" r="3.5" fill="${RIM}"/>`,
  ].join('')
}

const paths = (all: readonly string[]): string => all.map((d) => `<path d="${d}"/>`).join('')

const glass = (shape: VehicleShape): string =>
  [
    `<g fill="${GLASS}">${paths(shape.glass)}</g>`,
    `<clipPath id="g">${paths(shape.glass)}</clipPath>`,
    '<g clip-path="url(#g)" fill="#fff" opacity=".16">',
    '<path d="M92 20 66 80H84L110 20ZM196 20 160 80H182L218 20Z"/></g>',
  ].join('')

const details = (shape: VehicleShape, line: string): string => {
  const handles = shape.handles.map(
    ([x, y]) => `<rect x="${x}" y="${y}" width="11" height="2.600" rx="1.300" fill="${line}"/>`,
  )
  const [x, y] = shape.mirror
  return [
    `<g fill="none" stroke="${line}" stroke-width="1.300">${paths(shape.seams)}</g>`,
    `<path d="${shape.shoulder}" fill="none" stroke="#fff" stroke-width="1.600" opacity=".4"/>`,
    handles.join(''),
    `<g fill="${TRIM}">${paths(shape.trim)}</g>`,
    `<path d="${shape.headlight}" fill="#fdf3cf" stroke="${line}"/>`,
    `<path d="${shape.taillight}" fill="#c8322b"/>`,
    `<rect x="${x - 8}" y="${y - 5}" width="11" height="8" rx="3" fill="${TRIM}"/>`,
  ].join('')
}

/** A whole SVG document. Its inputs are two closed lists, so nothing in it comes from outside. */
export const vehicleSvg = (body: BodyType, colour: Colour): string => {
  const shape = SHAPES[body]
  const [paint, shade, line] = PAINT[colour]
  const hull = outline(shape)
  const well = shape.radius + 3
  const wells = shape.wheels
    .map((x) => `<circle cx="${x}" cy="${wheelY(shape)}" r="${well}" fill="#141617"/>`)
    .join('')
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 150" width="320" height="150">',
    `<ellipse cx="160" cy="${GROUND}" rx="146" ry="6" fill="#000" opacity=".18"/>`,
    wells,
    `<clipPath id="b"><path d="${hull}"/></clipPath>`,
    `<path d="${hull}" fill="${paint}"/>`,
    `<g clip-path="url(#b)"><path d="M0 ${shape.waist}Q160 ${shape.waist - 7} 320 ${shape.waist}V150H0Z" fill="${shade}"/></g>`,
    glass(shape),
    details(shape, line),
    `<path d="${hull}" fill="none" stroke="${line}" stroke-width="1.500"/>`,
    shape.wheels.map((x) => wheel(x, shape)).join(''),
    '</svg>',
  ].join('')
}
