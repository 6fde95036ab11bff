// Text that is never cut: it takes the largest of its steps that fits its box.

import {useLayoutEffect, useRef} from '../vendor.js'

const overflows = box => box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1

/**
 * Sets `data-step` 0 … last on the box, the first at which its content fits (the last one otherwise). Measured before the
 * first painting, again when `key` changes, when the box changes its size and when the fonts have arrived.
 * @param apply optional (box, step): changes more than the attribute, before measuring
 * @param fits optional (box): a rule of its own instead of "nothing overflows"
 */
export function useFit(last, key, {apply, fits} = {}) {
  const ref = useRef(null)
  useLayoutEffect(() => {
    const box = ref.current
    if (!box) return
    let size = ''
    const measure = () => {
      for (let step = 0; step <= last; step += 1) {
        if (step) box.dataset.step = step
        else delete box.dataset.step
        apply?.(box, step)
        if (fits ? fits(box) : !overflows(box)) break
      }
      size = `${box.clientWidth}×${box.clientHeight}`
    }
    measure()
    // Own steps may change the box itself (an overlay grows with its text): only an outer change measures again.
    const observer = new ResizeObserver(() => {
      if (size !== `${box.clientWidth}×${box.clientHeight}`) measure()
    })
    observer.observe(box)
    let over = false
    document.fonts?.ready.then(() => !over && measure())
    return () => {
      over = true
      observer.disconnect()
    }
  }, [key, last])
  return ref
}

/** How many lines a text block takes. */
export function lines(element) {
  const style = getComputedStyle(element)
  return Math.round(element.getBoundingClientRect().height / parseFloat(style.lineHeight))
}
