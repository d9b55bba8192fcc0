import { useEffect, useRef, type RefObject } from "react";

/** False once what uses it has left the page, for what ends after that. */
export function useIsHere(): RefObject<boolean> {
  const isHere = useRef(true);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);
  return isHere;
}
