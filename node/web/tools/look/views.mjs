// The views to look at, and what to try on them.
import assert from "node:assert/strict";

const INVITE = `/#i=${"A".repeat(28)}`;

const next = (page) => page.click("main form .btn-main");
const toLogin = async (page) => {
  await page.check("main input[type=checkbox]");
  await next(page);
  await page.waitForSelector(".drawn");
};
const toSheet = async (page) => {
  await toLogin(page);
  await next(page);
  await page.waitForSelector(".sheet");
};
const signIn = async (page) => {
  await page.fill("main input[type=text]", "harbor");
  await page.fill("main input[type=password]", "velvet");
  await next(page);
  await page.waitForSelector(".bar-end .btn-icon");
};
const openArea = (at) => async (page) => {
  await signIn(page);
  const wide = page.viewportSize().width >= 960;
  await page.click(`${wide ? ".bar-nav" : ".tabs"} li:nth-child(${at}) button`);
};

const openPart = (at, found) => async (page) => {
  await openArea(2)(page);
  await page.click(`main .actions >> nth=-1 >> .btn >> nth=${at - 1}`);
  await page.waitForSelector(found);
};

/** Each with a name, an address, and what to do before looking. */
export const VIEWS = [
  { name: "community", path: "/" },
  { name: "safety", path: "/safety" },
  { name: "about", path: "/about", act: (page) => page.click(".card .btn") },
  { name: "lost", path: "/nowhere", expected: /status of 404/ },
  { name: "sign-in", path: "/sign-in" },
  {
    name: "sign-in-refused",
    path: "/sign-in",
    act: async (page) => {
      await page.fill("main input[type=text]", "wrong");
      await page.fill("main input[type=password]", "velvet");
      await next(page);
      await page.waitForSelector(".notice");
    },
  },
  {
    name: "recover",
    path: "/sign-in",
    act: async (page) => {
      await page.click("main .actions .btn-bare >> nth=0");
      await page.waitForSelector("textarea");
      await page.fill("input[type=password]", "barley fox");
      await page.waitForSelector(".meter");
    },
  },
  { name: "join-bare", path: "/join", act: (page) => page.waitForSelector(".steps") },
  {
    name: "join-invited",
    path: INVITE,
    act: async (page) => {
      await page.waitForSelector(".steps");
      await next(page);
    },
  },
  { name: "join-login", path: INVITE, act: toLogin },
  {
    name: "join-own",
    path: INVITE,
    act: async (page) => {
      await toLogin(page);
      await page.click(".card .btn-bare >> nth=-1");
      await page.fill("input[type=text]", "harbor");
      await page.fill("input[type=password]", "password1");
      await page.waitForSelector(".meter");
      await next(page);
    },
  },
  {
    name: "join-sheet",
    path: INVITE,
    act: async (page) => {
      await toSheet(page);
      await page.fill("form input >> nth=0", "blanket");
      await next(page);
    },
  },
  {
    name: "join-sheet-print",
    paper: true,
    path: INVITE,
    act: async (page) => {
      await toSheet(page);
      await page.emulateMedia({ media: "print", colorScheme: "light" });
    },
  },
  {
    name: "join-safety",
    path: INVITE,
    act: async (page) => {
      await toSheet(page);
      await page.click("form .btn-bare");
      await page.waitForSelector(".masks");
    },
  },
  { name: "browse", path: "/sign-in", act: signIn },
  { name: "parts", path: "/sign-in", act: openArea(2) },
  { name: "parts-dialog", path: "/sign-in", act: openPart(1, ".dialog") },
  { name: "parts-sheet", path: "/sign-in", act: openPart(2, ".dialog") },
  { name: "parts-toast", path: "/sign-in", act: openPart(3, ".toast") },
  { name: "talks", path: "/sign-in", act: openArea(4) },
  { name: "me", path: "/sign-in", act: openArea(5) },
];

/** What has to work in a real browser. */
export const CHECKS = [
  {
    name: "quick-exit by Escape twice leaves within 100 ms and clears the page",
    run: async ({ page, origin }) => {
      await page.goto(`${origin}/sign-in`);
      await page.waitForSelector(".exit");
      await signIn(page);
      await page.evaluate(() => {
        const body = document.body;
        globalThis.began = 0;
        addEventListener(
          "keydown",
          (event) => {
            globalThis.began = event.timeStamp;
          },
          { capture: true },
        );
        new MutationObserver(() => {
          if (body.childElementCount > 0) return;
          localStorage.setItem("took", String(performance.now() - globalThis.began));
        }).observe(body, { childList: true });
      });
      await page.keyboard.press("Escape");
      const start = Date.now();
      await page.keyboard.press("Escape");
      await page.waitForURL("about:blank", { waitUntil: "commit" });
      assert.ok(Date.now() - start < 1000, "gone at once");
      await page.goto(`${origin}/safety`);
      const ms = Number((await page.evaluate("localStorage.getItem('took')")) ?? Infinity);
      assert.ok(ms < 100, `cleared within 100 ms, took ${ms}`);
    },
  },
  {
    name: "quick-exit by its button replaces the history entry",
    run: async ({ page, origin }) => {
      await page.goto(`${origin}/safety`);
      await page.click(".exit");
      await page.waitForURL("about:blank", { waitUntil: "commit" });
      await page.goBack({ waitUntil: "commit" }).catch(() => null);
      assert.ok(!page.url().endsWith("/safety"), `landed at ${page.url()}`);
    },
  },
  {
    name: "back closes views one by one and addresses say nothing",
    run: async ({ page, origin }) => {
      await page.goto(`${origin}/sign-in`);
      await page.waitForSelector(".exit");
      await signIn(page);
      const heading = () => page.textContent("h1");
      const first = await heading();
      await page.click(".bar-nav li:nth-child(4) button");
      await page.click(".bar-nav li:nth-child(5) button");
      assert.equal(new URL(page.url()).pathname, "/");
      assert.notEqual(await heading(), first);
      await page.goBack();
      await page.waitForFunction(
        (was) => document.querySelector("h1")?.textContent === was,
        first,
      );
      assert.equal(new URL(page.url()).pathname, "/");
    },
  },
  {
    name: "an invite's code does not stay in the address",
    run: async ({ page, origin }) => {
      await page.goto(`${origin}${INVITE}`);
      await page.waitForSelector(".steps");
      assert.equal(page.url(), `${origin}/join`);
      assert.equal(await page.evaluate("history.length"), 2);
    },
  },
  {
    name: "language, direction and mask change at once and are kept",
    run: async ({ page, origin }) => {
      await page.goto(`${origin}/sign-in`);
      await page.waitForSelector(".exit");
      await signIn(page);
      await page.click(".bar-nav li:nth-child(5) button");
      await page.selectOption("select >> nth=0", "ar");
      await page.waitForSelector("html[dir=rtl][lang=ar]");
      await page.check(".mask >> nth=1 >> input");
      await page.waitForFunction(() => !document.title.includes("Kith"));
      const icon = await page.getAttribute("link[rel=icon]", "href");
      assert.match(icon ?? "", /^\/assets\/notes-/);
      await page.reload();
      await page.waitForSelector("html[dir=rtl]");
      assert.ok(!(await page.title()).includes("Kith"));
    },
  },
  {
    name: "offline the shell starts from the worker's cache",
    run: async ({ page, context, origin }) => {
      await page.goto(`${origin}/about`);
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
      await context.setOffline(true);
      await page.reload();
      await page.waitForSelector(".exit");
      await page.waitForSelector(".offline");
      await context.setOffline(false);
    },
  },
  {
    name: "slow line and phone: the largest text stands within 1.5 s",
    speed: true,
    run: async ({ page, context, origin }) => {
      const session = await context.newCDPSession(page);
      await session.send("Network.enable");
      await session.send("Network.emulateNetworkConditions", {
        offline: false,
        latency: 150,
        downloadThroughput: 200_000, // 1.6 Mbit/s
        uploadThroughput: 94_000,
      });
      await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
      await page.goto(`${origin}/`);
      await page.waitForSelector(".exit", { timeout: 20_000 });
      await page.waitForTimeout(500);
      const ms = await page.evaluate(
        () =>
          new Promise((resolve) => {
            new PerformanceObserver((list) => {
              resolve(Math.max(...list.getEntries().map(({ startTime }) => startTime)));
            }).observe({ type: "largest-contentful-paint", buffered: true });
          }),
      );
      console.log(`largest text after ${Math.round(ms)} ms`);
      assert.ok(ms < 1500, `took ${Math.round(ms)} ms`);
    },
  },
  {
    name: "the keyboard alone reaches the way in",
    run: async ({ page, origin }) => {
      await page.goto(`${origin}/sign-in`);
      await page.waitForSelector(".exit");
      await page.keyboard.press("Tab");
      assert.equal(await page.evaluate("document.activeElement.className"), "skip vh");
      await page.keyboard.press("Enter");
      assert.equal(await page.evaluate("document.activeElement.id"), "main");
      await page.keyboard.press("Tab");
      await page.keyboard.type("harbor");
      await page.keyboard.press("Tab");
      await page.keyboard.type("velvet");
      await page.keyboard.press("Enter");
      await page.waitForSelector("[aria-current=page]");
      assert.equal(new URL(page.url()).pathname, "/");
    },
  },
];
