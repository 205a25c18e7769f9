// Passkeys: a form that asks the device before it is sent. Without script, or where the browser has none, it stays hidden.
const asks = { get: "RequestOptions", create: "CreationOptions" };

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const kind = form.dataset.passkey;
  const read = window.PublicKeyCredential?.[`parse${asks[kind]}FromJSON`];
  if (!read) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const problem = form.querySelector("[data-problem]");
    problem.textContent = "";
    try {
      const question = await (await fetch(form.dataset.question)).json();
      const publicKey = read.call(window.PublicKeyCredential, question.options);
      const answer = await navigator.credentials[kind]({ publicKey });
      form.elements.answer.value = JSON.stringify(answer.toJSON());
      form.elements.challenge.value = question.challenge;
      form.submit();
    } catch (error) {
      problem.textContent =
        error.name === "InvalidStateError"
          ? "This device has a passkey for you already."
          : "The device gave no passkey. You can try once more, or use a password.";
    }
  });
}
