import { useEffect } from "react";

/*
 * Stands in for the package react-style-singleton, see vite.config.ts. Radix's dialogs and menus keep the page beneath
 * from scrolling by a style element, which the page's Content-Security-Policy refuses; a sheet made by script is no
 * inline style. Same interface, see docs/adr/0020.
 */

export function stylesheetSingleton() {
  let users = 0;
  let sheet: CSSStyleSheet | null = null;
  return {
    add(styles: string): void {
      // A test's document may know no such sheets; it does not scroll either.
      if (users++ === 0 && "adoptedStyleSheets" in document) {
        sheet = new CSSStyleSheet();
        sheet.replaceSync(styles);
        document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
      }
    },
    remove(): void {
      if (--users === 0 && sheet !== null) {
        const gone = sheet;
        document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== gone);
        sheet = null;
      }
    },
  };
}

export function styleHookSingleton() {
  const sheet = stylesheetSingleton();
  return (styles: string, isDynamic?: boolean): void => {
    const wanted = isDynamic === true ? styles : "";
    useEffect(() => {
      sheet.add(styles);
      return () => sheet.remove();
      // Only a dynamic style follows its changes.
    }, [wanted]);
  };
}

export function styleSingleton() {
  const useStyle = styleHookSingleton();
  return function Sheet({ styles, dynamic }: { styles: string; dynamic?: boolean }) {
    useStyle(styles, dynamic);
    return null;
  };
}
