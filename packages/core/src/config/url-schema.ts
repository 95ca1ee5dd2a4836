import { z } from "zod";

/** An address of http or https, without user name and password: those would be printed. */
export const httpUrlSchema = z.string().superRefine((text, context) => {
  const url = URL.parse(text);
  if (!url || !["http:", "https:"].includes(url.protocol) || url.hostname === "") {
    context.addIssue({
      code: "custom",
      message: `must be an address such as https://host:port, not ${JSON.stringify(text)}`,
    });
  } else if (url.username !== "" || url.password !== "") {
    context.addIssue({ code: "custom", message: "must not contain a user name or password" });
  }
});
