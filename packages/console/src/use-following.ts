import { useEffect, useRef } from 'preact/hooks';
import type { DebateLog } from './debate-log.ts';

/** Distance from the end of the page within which its reader counts as being there, in pixels. */
const near = 160;

/** Keeps a reader of the end of the page there while a turn is spoken; a reader who scrolls back is left alone. */
export function useFollowing(log: DebateLog): void {
  const isFollowing = useRef(false);
  const isSpeaking = log.live !== undefined;
  useEffect(() => {
    const look = () => {
      const { scrollHeight } = document.documentElement;
      isFollowing.current = scrollY + innerHeight >= scrollHeight - near;
    };
    addEventListener('scroll', look, { passive: true });
    if (isSpeaking) look();
    return () => removeEventListener('scroll', look);
  }, [isSpeaking]);
  useEffect(() => {
    if (isSpeaking && isFollowing.current)
      scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' });
  }, [log, isSpeaking]);
}
