// What the pages do more when a script may run. Everything works without it.
(() => {
  "use strict";
  const body = document.body;
  const words = body.dataset;
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

  // --- Toast: says once what was done, and leaves the address clean.
  const toast = (text) => {
    all("[data-toast]").forEach((old) => old.remove());
    const box = document.createElement("div");
    box.className = "toast";
    box.setAttribute("role", "status");
    box.dataset.toast = "";
    box.textContent = text;
    body.append(box);
    setTimeout(() => box.remove(), 6000);
  };
  const shown = document.querySelector("[data-toast]");
  if (shown) setTimeout(() => shown.remove(), 6000);
  const here = new URL(location.href);
  if (here.searchParams.has("done")) {
    here.searchParams.delete("done");
    history.replaceState(history.state, "", here);
  }

  // --- New passwords: each rule is ticked as soon as it is met.
  const rules = {
    length: (text) => [...text].length >= 12,
    upper: (text) => /\p{Lu}/u.test(text),
    lower: (text) => /\p{Ll}/u.test(text),
    digit: (text) => /[0-9]/.test(text),
    special: (text) => /[!@#$%^&(),.?":{}|<>]/.test(text),
  };
  all("[data-password-rules]").forEach((list) => {
    const field = list.closest("form")?.elements[list.dataset.passwordRules];
    if (!field) return;
    const meter = list.parentElement.querySelector("[data-strength]");
    const show = () => {
      let met = 0;
      all("[data-rule]", list).forEach((rule) => {
        const is = rules[rule.dataset.rule]?.(field.value) === true;
        met += is;
        rule.classList.toggle("met", is);
      });
      if (!meter) return;
      // All rules make a password that is taken; length makes it a good one.
      const length = [...field.value].length, varied = new Set(field.value).size;
      const level = met < 4 ? 1 : met < 5 ? 2 : length >= 16 && varied >= 10 ? 4 : 3;
      meter.hidden = !length;
      meter.dataset.level = String(level);
      const word = meter.dataset[["weak", "fair", "good", "strong"][level - 1]];
      if (meter.lastElementChild.textContent !== word) meter.lastElementChild.textContent = word;
    };
    field.addEventListener("input", show);
    show();
  });

  // --- Drafts: what is typed survives a lost line, a closed tab, a dead battery. Kept on this device only, and only
  // where a form asks for it, and only for the reader who typed it: devices are shared.
  const storage = (() => { try { return window.localStorage; } catch { return null; } })();
  const isKept = (field) => field.name && field.name !== "_csrf" && !["password", "file", "hidden", "submit"].includes(field.type) && !field.name.includes("password") && !field.closest("[data-draft-not]");
  const draftOf = (form) => "draft:" + document.body.dataset.reader + ":" + form.dataset.draft;
  const saveDraft = (form) => {
    const pairs = Array.from(form.elements).filter(isKept)
      .filter((field) => !["checkbox", "radio"].includes(field.type) || field.checked)
      .map((field) => [field.name, field.value]);
    try { storage.setItem(draftOf(form), JSON.stringify({ at: Date.now(), pairs })); } catch { /* no room: the draft is a comfort */ }
  };
  const restoreDraft = (form) => {
    const text = storage.getItem(draftOf(form));
    if (!text) return;
    let draft;
    try { draft = JSON.parse(text); } catch { return; }
    if (Date.now() - draft.at > Number(form.dataset.draftDays || 14) * 86400e3) return storage.removeItem(draftOf(form));
    let changed = false;
    for (const [name, value] of draft.pairs) {
      for (const field of all("[name=\"" + CSS.escape(name) + "\"]", form)) {
        if (["checkbox", "radio"].includes(field.type)) {
          if (field.value === value && !field.checked) { field.checked = true; changed = true; }
        } else if (!field.value && value) { field.value = value; changed = true; }
      }
    }
    if (changed) toast(words.restored);
  };
  const wireDraft = (form) => {
    if (!storage) return;
    restoreDraft(form);
    form.addEventListener("input", () => saveDraft(form));
    form.addEventListener("change", () => saveDraft(form));
    form.addEventListener("submit", () => { if (navigator.onLine) storage.removeItem(draftOf(form)); });
  };

  // --- Forms are sent once, and not into a dead line.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (!navigator.onLine && form.method === "post") {
      event.preventDefault();
      return toast(words.offline);
    }
    if (form.dataset.sent) return event.preventDefault();
    if (form.method !== "post") return;
    form.dataset.sent = "1";
    // Disabled only after the browser has read the form: a disabled button is not sent.
    setTimeout(() => all("button[type=submit], button:not([type])", form).forEach((button) => { button.classList.add("busy"); button.setAttribute("aria-disabled", "true"); }), 0);
  });
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    all(".busy", form).forEach((button) => { button.classList.remove("busy"); button.removeAttribute("aria-disabled"); });
  }));

  // --- Uploads: a preview before, progress during, and a way to stop.
  const wireUpload = (box) => {
    const input = box.querySelector("input[type=file]");
    const preview = box.querySelector(".upload-preview");
    if (!input) return;
    input.addEventListener("change", () => {
      const file = input.files && input.files[0];
      if (preview && file && file.type.startsWith("image/")) {
        const reader = new FileReader();
        reader.onload = () => { preview.src = reader.result; preview.hidden = false; };
        reader.readAsDataURL(file);
      } else if (preview) preview.hidden = true;
    });
    for (const name of ["dragenter", "dragover"]) box.addEventListener(name, () => box.classList.add("over"));
    for (const name of ["dragleave", "drop"]) box.addEventListener(name, () => box.classList.remove("over"));
  };
  // The camera with the drawing of the side laid over it, where the browser lets a page have it.
  const wireCamera = (box) => {
    const open = box.querySelector("[data-camera]");
    const devices = navigator.mediaDevices;
    if (!open || !devices || !devices.getUserMedia) return;
    const dialog = box.querySelector("dialog");
    const video = dialog.querySelector("video");
    let stream = null;
    let facing = "environment";
    const stop = () => { if (stream) stream.getTracks().forEach((track) => track.stop()); stream = video.srcObject = null; };
    const start = async () => {
      stop();
      try {
        stream = await devices.getUserMedia({ video: { facingMode: facing, width: { ideal: 1920 }, height: { ideal: 1920 } } });
      } catch { dialog.close(); return toast(open.dataset.refused); }
      if (!dialog.open) return stop();
      video.srcObject = stream;
      dialog.classList.toggle("mirrored", facing === "user");
      video.play();
    };
    open.hidden = false;
    open.addEventListener("click", () => { dialog.showModal(); start(); });
    dialog.addEventListener("close", stop);
    dialog.querySelector("[data-turn]").addEventListener("click", () => { facing = facing === "user" ? "environment" : "user"; start(); });
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
    dialog.querySelector("[data-take]").addEventListener("click", () => {
      if (!video.videoWidth) return;
      const canvas = document.createElement("canvas");
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      canvas.getContext("2d").drawImage(video, 0, 0);
      canvas.toBlob((blob) => {
        const taken = new DataTransfer();
        taken.items.add(new File([blob], "camera.jpg", { type: "image/jpeg" }));
        const input = box.querySelector("input[type=file]");
        input.files = taken.files;
        input.dispatchEvent(new Event("change"));
        dialog.close();
        input.form.requestSubmit();
      }, "image/jpeg", 0.92);
    });
  };
  const sendWithProgress = (form) => {
    if (!all("input[type=file]", form).some((input) => input.files && input.files.length)) return false;
    const line = document.createElement("div");
    line.className = "row upload-progress";
    line.innerHTML = "<progress class=\"grow\" max=\"100\" value=\"0\"></progress><button type=\"button\" class=\"quiet\"></button>";
    const bar = line.querySelector("progress");
    const stop = line.querySelector("button");
    bar.setAttribute("aria-label", words.busy);
    stop.textContent = words.close;
    form.append(line);
    const request = new XMLHttpRequest();
    const over = () => { line.remove(); delete form.dataset.sent; all(".busy", form).forEach((button) => { button.classList.remove("busy"); button.removeAttribute("aria-disabled"); }); };
    request.upload.onprogress = (event) => { if (event.lengthComputable) bar.value = (event.loaded / event.total) * 100; };
    request.onload = () => {
      if (request.responseURL && request.status < 400 && new URL(request.responseURL).pathname !== new URL(form.action).pathname) return location.assign(request.responseURL);
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const main = page.querySelector("main");
      over();
      if (main) { document.querySelector("main").replaceWith(main); wire(main); main.scrollIntoView(); history.replaceState(null, "", request.responseURL || form.action); }
    };
    request.onerror = () => { over(); toast(words.offline); };
    request.onabort = () => { over(); toast(words.cancelled); };
    stop.addEventListener("click", () => request.abort());
    request.open("POST", form.action);
    request.send(new FormData(form));
    return true;
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form.enctype === "multipart/form-data" && navigator.onLine && sendWithProgress(form)) event.preventDefault();
  });

  // --- Before and after, one above the other.
  const wireCompare = (box) => {
    const range = box.querySelector(".compare-range");
    if (!range) return;
    box.classList.add("live");
    range.hidden = false;
    box.querySelector(".compare-handle").hidden = false;
    const move = () => box.style.setProperty("--split", range.value + "%");
    range.addEventListener("input", move);
    move();
  };

  // --- Pictures open in full size.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-lightbox]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const dialog = document.createElement("dialog");
    dialog.className = "lightbox";
    const image = document.createElement("img");
    image.src = link.href;
    image.alt = link.querySelector("img") ? link.querySelector("img").alt : "";
    const close = document.createElement("button");
    close.className = "quiet";
    close.textContent = words.close;
    dialog.append(image, close);
    const end = () => { dialog.close(); dialog.remove(); link.focus(); };
    close.addEventListener("click", end);
    dialog.addEventListener("click", (inner) => { if (inner.target === dialog) end(); });
    dialog.addEventListener("cancel", () => dialog.remove());
    body.append(dialog);
    dialog.showModal();
  });

  // --- Parts that follow a form: `data-preview="#id"` posts the form to `data-preview-url` and shows the answer there.
  const wirePreview = (form) => {
    const target = document.querySelector(form.dataset.preview);
    let timer, asked = 0;
    const ask = async () => {
      const turn = ++asked;
      target.setAttribute("aria-busy", "true");
      try {
        const answer = await fetch(form.dataset.previewUrl, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "x-fragment": "1" } });
        const text = await answer.text();
        if (turn === asked && !answer.redirected && (answer.ok || answer.status === 422)) target.innerHTML = text;
      } catch { /* the next change asks again */ }
      if (turn === asked) target.removeAttribute("aria-busy");
    };
    const later = () => { clearTimeout(timer); timer = setTimeout(ask, 300); };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
  };

  // --- Drafts the server keeps: `data-autosave` posts the form a moment after the last change and says in
  // `data-autosave-status` what became of it. A button waits for what is on its way: it sends the draft as it is then.
  const wireAutosave = (form) => {
    const target = document.querySelector(form.dataset.autosaveStatus);
    let timer, running = null, again = false, over = false;
    const send = async () => {
      try {
        const answer = await fetch(form.dataset.autosave, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "x-fragment": "1" } });
        // Led to the login page, or refused: the device still has it.
        if (answer.redirected || (!answer.ok && answer.status !== 409 && answer.status !== 422)) return;
        over = answer.status === 409;
        target.innerHTML = await answer.text();
        const kept = target.querySelector("[data-kept]");
        if (!kept) return;
        form.elements.quote.value = kept.dataset.quote;
        form.elements.version.value = kept.dataset.version;
        if (storage) storage.removeItem(draftOf(form));
        form.dataset.draft = kept.dataset.kept;
        if (storage && again) saveDraft(form);
      } catch { /* the line is gone: the device has it, and the next change tries again */ }
    };
    const save = async () => {
      if (over || form.dataset.sent) return;
      if (running) { again = true; return; }
      again = false;
      running = send();
      await running;
      running = null;
      if (again) later();
    };
    const later = () => { clearTimeout(timer); timer = setTimeout(save, 2000); };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    form.addEventListener("submit", (event) => {
      clearTimeout(timer);
      if (!running) return;
      event.preventDefault();
      again = false;
      running.then(() => { clearTimeout(timer); form.requestSubmit(event.submitter); });
    });
  };

  // --- Months whose days can be touched: the first is where a range begins, the second where it ends.
  const wireDays = (box) => {
    const { start, end } = box.closest("form").elements;
    const show = () => all("[data-day]", box).forEach((cell) => {
      const day = cell.dataset.day;
      cell.classList.toggle("picked", Boolean(start.value) && (day === start.value || (end.value && day > start.value && day <= end.value)));
    });
    box.addEventListener("click", (event) => {
      const day = event.target.dataset.day;
      if (!day) return;
      if (start.value && !end.value && day >= start.value) end.value = day;
      else { start.value = day; end.value = ""; }
      start.dispatchEvent(new Event("input", { bubbles: true }));
      show();
    });
    for (const field of [start, end]) field.addEventListener("input", show);
    show();
  };

  // --- Places that can be dragged: `data-order` around selects; what is dropped takes the place, the others move on.
  const wireOrder = (box) => {
    const fields = all("select", box);
    const part = (field) => field.closest(".field") || field.parentElement;
    const move = (from, to) => {
      if (from === to || to < 0 || to >= fields.length) return;
      const values = fields.map((field) => field.value);
      values.splice(to, 0, ...values.splice(from, 1));
      fields.forEach((field, at) => { field.value = values[at]; });
      fields[to].dispatchEvent(new Event("change", { bubbles: true }));
      all(".grip", part(fields[to]))[0].focus();
    };
    fields.forEach((field, from) => {
      const grip = document.createElement("button");
      grip.type = "button";
      grip.className = "grip";
      grip.textContent = "⠿";
      grip.setAttribute("aria-label", box.dataset.order + ": " + part(field).querySelector("label").textContent);
      const under = (event) => {
        const hit = document.elementFromPoint(event.clientX, event.clientY);
        return fields.findIndex((other) => hit && part(other).contains(hit));
      };
      const mark = (at) => fields.forEach((other, index) => part(other).classList.toggle("over", index === at));
      grip.addEventListener("pointerdown", (event) => { grip.setPointerCapture(event.pointerId); part(field).classList.add("dragged"); });
      grip.addEventListener("pointermove", (event) => { if (grip.hasPointerCapture(event.pointerId)) mark(under(event)); });
      grip.addEventListener("pointerup", (event) => { const to = under(event); part(field).classList.remove("dragged"); mark(-1); if (to >= 0) move(from, to); });
      grip.addEventListener("pointercancel", () => { part(field).classList.remove("dragged"); mark(-1); });
      grip.addEventListener("keydown", (event) => {
        const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        if (!step) return;
        event.preventDefault();
        move(from, from + step);
      });
      part(field).append(grip);
    });
  };

  // --- Fields shown only with a choice: `data-shows="name=value"`, or any of `name=one|another`.
  const wireShows = (part) => {
    const form = part.closest("form");
    const [name, wanted] = part.dataset.shows.split("=");
    const values = wanted.split("|");
    const follow = () => {
      const on = all("[name=\"" + CSS.escape(name) + "\"]", form).some((field) => (field.checked || !["checkbox", "radio"].includes(field.type)) && values.includes(field.value));
      part.hidden = !on;
    };
    form.addEventListener("change", follow);
    follow();
  };

  // --- What scrolls sideways can be reached by the keyboard.
  const wireScroll = (box) => new ResizeObserver(() => {
    if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0; else box.removeAttribute("tabindex");
  }).observe(box);

  // --- Forms that are sent as soon as something is chosen: filters and sorts.
  const wireAuto = (form) => form.addEventListener("change", () => { if (!("leaves" in form.dataset)) form.requestSubmit(); });

  // --- The search for clinics knows places: what is typed is completed to cities, and a city that is chosen is opened.
  const wirePlaces = (form) => {
    const field = form.querySelector("input[type=search]");
    if (!field) return;
    const list = document.createElement("datalist");
    list.id = "places";
    field.after(list);
    field.setAttribute("list", list.id);
    let timer, asked = 0, known = [];
    field.addEventListener("input", () => {
      const chosen = known.find((it) => it.city + ", " + it.country_code === field.value);
      if (chosen) {
        form.dataset.leaves = "";
        location.href = form.dataset.places + chosen.country_code.toLowerCase() + "/" + chosen.slug;
        return;
      }
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const typed = field.value.trim();
        if (typed.length < 2) return;
        const turn = ++asked;
        try {
          const answer = await fetch("/api/v1/places?q=" + encodeURIComponent(typed));
          if (!answer.ok) return;
          const found = await answer.json();
          // A slow answer to what was typed before says nothing any more.
          if (turn !== asked) return;
          known = found;
        } catch { return; }
        list.replaceChildren(...known.map((it) => Object.assign(document.createElement("option"), { value: it.city + ", " + it.country_code })));
      }, 250);
    });
  };

  // --- Links whose secret stands behind `#`: `data-from-hash="field"` puts it into the field, out of sight, and goes on;
  // with `data-stay` the person goes on.
  const wireHash = (form) => {
    const secret = location.hash.slice(1);
    const field = form.elements[form.dataset.fromHash];
    if (!secret || !field) return;
    history.replaceState(null, "", location.pathname);
    field.value = secret;
    if ("stay" in form.dataset) field.closest(".field")?.setAttribute("hidden", "");
    else form.requestSubmit();
  };

  // --- Long forms: whoever leaves with something unsaved is asked first, by the browser in its own words. What came back
  // with a fault is not saved either.
  const wireGuard = (form) => {
    const filled = () => JSON.stringify(Array.from(new FormData(form), ([name, value]) => [name, typeof value === "string" ? value : value.name]));
    const saved = form.querySelector("[aria-invalid=true]") ? "" : filled();
    window.addEventListener("beforeunload", (event) => {
      if (form.isConnected && !form.dataset.sent && filled() !== saved) event.preventDefault();
    });
  };

  // --- Codes of six digits: what is pasted loses its blanks, and the box in which the next digit goes is marked.
  const wireCode = (box) => {
    const input = box.querySelector("input");
    const boxes = all(".code-boxes > span", box);
    const show = () => {
      const at = Math.min(input.value.length, boxes.length - 1);
      boxes.forEach((one, place) => one.classList.toggle("next", document.activeElement === input && place === at));
    };
    input.addEventListener("input", () => {
      const digits = input.value.replace(/\D/g, "").slice(0, boxes.length);
      if (digits !== input.value) input.value = digits;
      show();
    });
    for (const name of ["focus", "blur"]) input.addEventListener(name, show);
    input.addEventListener("paste", (event) => {
      event.preventDefault();
      input.value = event.clipboardData.getData("text").replace(/\D/g, "").slice(0, boxes.length);
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
    // A page that is not drawn yet has not given the focus away: whoever arrives here types a code and nothing else.
    if (input.autofocus && document.activeElement === document.body) input.focus();
    show();
  };

  // --- The payment provider's own form for a card. Its script is loaded on the pages that need it and on no other.
  const wireElement = (form) => {
    const { key, secret, kind } = form.dataset;
    const button = form.querySelector("button[type='submit']");
    const error = form.querySelector("[data-element-error]");
    const tell = (text) => {
      error.textContent = text;
      error.hidden = !text;
    };
    const start = () => {
      if (!window.Stripe) return tell(form.dataset.failed);
      const stripe = window.Stripe(key, { locale: document.documentElement.lang });
      const dark = getComputedStyle(document.documentElement).colorScheme.includes("dark");
      const elements = stripe.elements({ clientSecret: secret, appearance: { theme: dark ? "night" : "stripe" } });
      const box = form.querySelector("[data-element-box]");
      const card = elements.create("payment");
      box.textContent = "";
      card.mount(box);
      card.on("ready", () => { button.disabled = false; });
      card.on("loaderror", () => tell(form.dataset.failed));
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        button.disabled = true;
        tell("");
        const ask = { elements, confirmParams: { return_url: form.dataset.return } };
        // Who is not led away was refused: the sentence is the provider's, in the reader's language.
        const answer = await (kind === "setup" ? stripe.confirmSetup(ask) : stripe.confirmPayment(ask));
        tell(answer.error ? answer.error.message : "");
        button.disabled = false;
      });
    };
    // Deferred scripts run in their order, this one before the provider's.
    if (document.readyState === "complete") start();
    else window.addEventListener("load", start);
  };

  // --- Another code can be asked for in a while: the seconds are counted down, and the button waits with them.
  const wireWait = (line) => {
    const button = line.parentElement.querySelector("button");
    const [timer, status] = line.children;
    const end = Date.now() + Number(line.dataset.wait) * 1000;
    button.disabled = true;
    const tick = () => {
      const left = Math.ceil((end - Date.now()) / 1000);
      if (left > 0) {
        timer.textContent = line.dataset.running.replace("{time}", Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0"));
        return setTimeout(tick, 250);
      }
      timer.textContent = "";
      status.textContent = line.dataset.over;
      button.disabled = false;
    };
    tick();
  };

  // --- The parts of a long page: the one in sight is marked in the list beside it.
  const wireSpy = (nav) => {
    const list = nav.firstElementChild, current = nav.querySelector("[aria-current]");
    // On a phone the list runs sideways: the present part is in sight.
    if (current && list.scrollWidth > list.clientWidth) list.scrollLeft = current.offsetLeft - list.offsetLeft - 16;
    const parts = all("a[href*='#']", nav)
      .map((link) => ({ link, part: link.pathname === location.pathname && document.getElementById(link.hash.slice(1)) }))
      .filter((one) => one.part);
    if (!parts.length) return;
    const mark = () => {
      const last = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
      const passed = parts.filter((one) => one.part.getBoundingClientRect().top <= innerHeight * 0.3);
      const now = last ? parts[parts.length - 1] : passed[passed.length - 1] || parts[0];
      for (const one of parts) if (one === now) one.link.setAttribute("aria-current", "true"); else one.link.removeAttribute("aria-current");
    };
    window.addEventListener("scroll", mark, { passive: true });
    mark();
  };

  // --- The device's clock, for readers who chose none: the server shows times on it from the next page on.
  try {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone && !document.cookie.split("; ").includes("hl_zone=" + zone)) document.cookie = "hl_zone=" + zone + "; Path=/; Max-Age=31536000; SameSite=Lax" + (location.protocol === "https:" ? "; Secure" : "");
  } catch { /* the clock of the clinic, or UTC */ }

  const wire = (root) => {
    all("form[data-guard]", root).forEach(wireGuard);
    all("form[data-draft]", root).forEach(wireDraft);
    all("form[data-from-hash]", root).forEach(wireHash);
    all("form[data-places]", root).forEach(wirePlaces);
    all("[data-code]", root).forEach(wireCode);
    all("[data-element]", root).forEach(wireElement);
    all(".resend > [data-wait]", root).forEach(wireWait);
    all(".settings-nav", root).forEach(wireSpy);
    all("[data-upload]", root).forEach((box) => { wireUpload(box); wireCamera(box); });
    all("[data-compare]", root).forEach(wireCompare);
    all("form[data-preview]", root).forEach(wirePreview);
    all("form[data-autosave]", root).forEach(wireAutosave);
    all("[data-order]", root).forEach(wireOrder);
    all("[data-days]", root).forEach(wireDays);
    all("[data-shows]", root).forEach(wireShows);
    all("form[data-auto]", root).forEach(wireAuto);
    all(".table-wrap, .months, .pipeline, .tabs, .side-by-side, .thread", root).forEach(wireScroll);
    all("[data-bottom]", root).forEach((box) => box.scrollIntoView({ block: "end" }));
  };
  wire(document);

  // --- Live: the server says that something changed; parts marked `data-live` are read again.
  const refresh = async (kinds) => {
    const parts = all("[data-live]").filter((part) => part.id && (!part.dataset.live || part.dataset.live.split(" ").some((kind) => kinds.includes(kind))));
    if (!parts.length) return;
    try {
      const answer = await fetch(location.href, { headers: { "x-fragment": "1" } });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of parts) {
        const fresh = page.getElementById(part.id);
        if (fresh && fresh.innerHTML !== part.innerHTML) { part.replaceWith(fresh); wire(fresh); }
      }
    } catch { /* the line is gone; the next event or the reconnect reads again */ }
  };
  const count = (name, number) => all("[data-count=" + name + "]").forEach((place) => {
    if (number > 0) place.dataset.number = number > 99 ? "99+" : String(number);
    else delete place.dataset.number;
  });
  if (words.liveUrl && window.EventSource) {
    // The browser reconnects by itself; what was missed meanwhile is read again then.
    const source = new EventSource(words.liveUrl);
    let opened = false;
    source.addEventListener("open", () => { if (opened) refresh(["messages", "notifications", "payment", "case"]); opened = true; });
    source.addEventListener("counts", (event) => { const counts = JSON.parse(event.data); count("notifications", counts.notifications); count("messages", counts.messages); });
    source.addEventListener("changed", (event) => {
      const change = JSON.parse(event.data);
      refresh(change.kinds);
      if (change.title && !document.querySelector("[data-live~=" + CSS.escape(change.kinds[0]) + "]")) toast(change.title);
    });
    window.addEventListener("pagehide", () => source.close());
  }

  // --- The line: say when it is gone.
  const line = () => {
    const bar = document.querySelector(".offline-bar");
    if (navigator.onLine && bar) bar.remove();
    if (!navigator.onLine && !bar) {
      const fresh = document.createElement("div");
      fresh.className = "offline-bar";
      fresh.setAttribute("role", "status");
      fresh.textContent = words.offline;
      body.prepend(fresh);
    }
  };
  window.addEventListener("online", line);
  window.addEventListener("offline", line);
  line();

  if ("serviceWorker" in navigator && (location.protocol === "https:" || ["127.0.0.1", "localhost"].includes(location.hostname))) {
    navigator.serviceWorker.register("/sw.js").catch(() => {});
  }
})();
