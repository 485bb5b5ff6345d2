import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { axe, expect, HOME, test } from "./test";

type Got = { signature: string; delivery: string; body: string };
const got: Got[] = [];
let status = 200;
let server: Server;
let url = "";
test.beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += String(part);
    });
    request.on("end", () => {
      const { "interlock-signature": signature, "interlock-delivery": delivery } = request.headers;
      got.push({ signature: String(signature), delivery: String(delivery), body });
      response.writeHead(status).end(status === 200 ? "ok" : "nobody here");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});
test.afterAll(() => {
  server.closeAllConnections();
  server.close();
});

// An administrator makes a channel, sees a test arrive and one fail, has it sent again, and takes the channel away.
test("a signed webhook is made, tested for real, and what failed is sent again", async ({ console: page }) => {
  await page.goto(`${HOME}/settings?tab=notifications&topic=test`);
  await page.getByRole("button", { name: "New channel…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "Kind" }).click();
  await page.getByRole("option", { name: "Signed webhook" }).click();
  await dialog.getByLabel("Name", { exact: false }).first().fill("ops hub");
  await dialog.getByRole("textbox", { name: "Address", exact: false }).last().fill(url);
  expect(await axe(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Make the channel" }).click();
  const secret = String(await page.getByRole("dialog").locator("code").first().textContent());
  expect(secret).toMatch(/^ilw_/);
  await page.getByRole("button", { name: "I have kept it" }).click();

  const channels = page.getByRole("table", { name: "Notification channels" });
  await expect(channels.getByText("nothing sent yet")).toBeVisible();
  await page.getByRole("button", { name: "Test ops hub" }).click();
  await expect(page.getByText(/The test was delivered: 200 in \d+ ms/)).toBeVisible();
  await expect(channels.getByText("works")).toBeVisible();
  const [first] = got;
  const [, t, v1] = /^t=(\d+),v1=(.+)$/.exec(first?.signature ?? "") ?? [];
  expect(createHmac("sha256", secret).update(`${t}.${first?.body}`).digest("hex")).toBe(v1);
  expect(JSON.parse(first?.body ?? "{}")).toMatchObject({ topic: "test", title: "Test of channel ops hub" });

  status = 404;
  await page.getByRole("button", { name: "Test ops hub" }).click();
  await expect(page.getByText("The test was not delivered: 404: nobody here")).toBeVisible();
  await expect(page.getByText("Nobody is reached by ops hub.")).toBeVisible();
  status = 200;
  const log = page.getByRole("table", { name: "Deliveries" });
  await log.getByRole("button", { name: /^Try now/ }).click();
  await expect(log.getByText("given up")).toHaveCount(0, { timeout: 15_000 });
  await expect(log.getByText("delivered")).toHaveCount(2, { timeout: 15_000 });
  expect(got.at(-1)?.delivery).toBe(got.at(-2)?.delivery);

  // By keyboard: a message of before may still lie over it, and stays while the pointer is on it.
  await log
    .getByRole("button", { name: /^Message/ })
    .first()
    .press("Enter");
  await expect(page.getByRole("dialog").getByText("sent this test")).toBeVisible();
  expect(await axe(page)).toEqual([]);
  await page.getByRole("button", { name: "Close", exact: true }).last().press("Enter");

  await page.getByRole("button", { name: "Delete… ops hub" }).click();
  const confirm = page.getByRole("dialog");
  await confirm.getByRole("button", { name: "Delete ops hub" }).click();
  await expect(confirm.getByText("Say in a few words why")).toBeVisible();
  await confirm.getByLabel(/Why/).fill("It moved");
  await confirm.getByRole("button", { name: "Delete ops hub" }).click();
  await expect(page.getByRole("button", { name: "Test ops hub" })).toHaveCount(0);
});
