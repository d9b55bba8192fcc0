import { useEffect, useState } from "react";

/** Whether something has been so for a while: what ends sooner is never told. */
export function useLate(isOn: boolean, ms: number): boolean {
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    if (!isOn) {
      return undefined;
    }
    const timer = setTimeout(() => setIsLate(true), ms);
    return () => {
      clearTimeout(timer);
      setIsLate(false);
    };
  }, [isOn, ms]);
  return isOn && isLate;
}
