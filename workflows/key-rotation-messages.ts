/** What can be asked of a rotation of the master key. */
import { defineQuery } from '@temporalio/workflow'
import type { RotationProgress } from '../domain/key-rotation.ts'

/** A query: it changes nothing, and whoever waits may ask as often as they like. */
export const rotationProgress = defineQuery<RotationProgress>('rotationProgress')
