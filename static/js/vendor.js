// The one place where pages meet the vendored libraries.
import {Fragment, createContext, h, render} from '../vendor/preact/preact.js'
import {useCallback, useContext, useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState} from '../vendor/preact/hooks.js'
import {batch, computed, effect, signal, untracked, useComputed, useSignal} from '../vendor/signals/signals.js'
import htm from '../vendor/htm/htm.js'

export const html = htm.bind(h)

/** The value of a signal inside a component; the component is drawn again when it changes. */
export const useSignalValue = source => source.value

export {
  Fragment, batch, computed, createContext, effect, h, render, signal, untracked, useCallback, useComputed, useContext,
  useEffect, useLayoutEffect, useMemo, useReducer, useRef, useSignal, useState,
}
