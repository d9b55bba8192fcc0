// Before the first paint, so that the page does not flash in the wrong theme. Served for ever: a change gets a new name.
(function () {
  try {
    var theme = localStorage.getItem("opsrelay.theme");
    if (theme === "light" || theme === "dark") {
      document.documentElement.setAttribute("data-theme", theme);
    }
  } catch (forbidden) {
    // the device's theme it is
  }
})();
