// Keeps a page that says data-live="SECONDS" up to date, unless somebody is using it. Works without: reload by hand.
(() => {
  const main = document.querySelector("main[data-live]");
  if (!main) return;
  const every = Number(main.dataset.live) * 1000;
  const busy = () => document.hidden || main.querySelector("details[open]") || main.contains(document.activeElement);
  const refresh = async () => {
    try {
      if (!busy()) {
        const answer = await fetch(location.href, { headers: { accept: "text/html" }, redirect: "error" });
        if (answer.ok) {
          const page = new DOMParser().parseFromString(await answer.text(), "text/html");
          const fresh = page.querySelector("main");
          if (fresh && !busy()) main.replaceChildren(...fresh.childNodes);
          const clock = page.getElementById("clock");
          if (clock) document.getElementById("clock").replaceWith(clock);
        }
        document.body.classList.toggle("stale", !answer.ok);
      }
    } catch {
      document.body.classList.add("stale");
    }
    setTimeout(refresh, every);
  };
  setTimeout(refresh, every);
})();
