import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Texts } from '../texts/en';
import { en } from '../texts/en';

export const TextsContext = createContext<Texts>(en);

export const useTexts = (): Texts => useContext(TextsContext);
