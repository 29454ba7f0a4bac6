/** Rules of the sign-up form and its pages, beside those of every page. */
export const signUpRules = `
.signup{margin:0}
.signup label[for=email]{font-size:15px;font-weight:600}
.signup .quiet{margin:14px 0 0}
.agree{display:flex;align-items:flex-start;gap:12px;margin-top:16px}
.agree input{flex:none;width:20px;height:20px;margin:4px 0 0;accent-color:var(--button)}
.agree label{margin:0;padding:2px 0;min-height:28px;font:inherit;font-size:15px;line-height:1.6}
.agree label:lang(en){font-family:inherit}
.agree+button{margin-top:18px}
.choices{display:flex;flex-direction:column;gap:12px;align-items:flex-start;margin:28px 0}
.choices form{margin:0}
.choices button{text-align:left}
.snippet{display:block;width:100%;min-height:0;margin:0 0 8px;padding:14px 16px;border:1px solid var(--line);border-radius:6px;background:var(--panel);color:var(--ink);font:14px/1.6 ui-monospace,SFMono-Regular,Menlo,Consolas,"D2Coding",monospace;word-break:break-all;resize:vertical}
.gap{margin:32px 0 16px;border:0;border-top:1px solid var(--line)}
.proof{min-height:64px;margin:0 0 16px}
altcha-widget{--altcha-color-base:var(--sheet);--altcha-color-base-content:var(--ink);--altcha-border-color:var(--line);--altcha-color-neutral:var(--line);--altcha-color-neutral-content:var(--quiet);--altcha-color-primary:var(--button);--altcha-color-primary-content:var(--on-button);--altcha-color-success:var(--button);--altcha-color-success-content:var(--on-button);--altcha-max-width:100%;display:block}
aside>.signup{margin-top:14px}
.signup .notice{margin:12px 0 0}
altcha-widget label{margin:0;font:inherit;font-size:16px}
@media(max-width:599px){.choices{align-items:stretch}.choices button{width:100%}}
`;
