/** The product's sample issue, as a publication would send it: what a change of it looks like, before it is stored. */
import { prepare } from '../../../commands/prepare.ts';
import type { Config } from '../../../config.ts';
import { BroadsheetError, messageOf } from '../../../errors.ts';
import type { Publication } from '../../../model/publication.ts';

const sources = {
  ko: `---
title: 색과 글자가 이렇게 보여요
subject: 색과 글자가 이렇게 보여요
number: 12
preheader: 이 간행물의 메일이 이렇게 보여요. 제목과 색, 여러분의 말로 된 버튼을 함께 살펴보세요.
---
안녕하세요. 한 주의 소식을 **간추려** 보내 드려요. [링크](https://example.org/)는 이런 색이에요.

## 긴 글을 짧게 읽는 법

**논문**: [긴 글을 짧게](https://example.org/paper)

**무엇이 새로운가**

본문은 이 크기와 이 간격으로 이어져요.

## 마치며

읽어 주셔서 고마워요.
`,
  en: `---
title: This is how colour and type look
subject: This is how colour and type look
number: 12
preheader: This is how mail of this publication looks, its title and colour, and the buttons in your words.
---
Hello. We send you the week **in brief**. A [link](https://example.org/) has this colour.

## How to read long texts in a short time

**Paper**: [Long texts, briefly](https://example.org/paper)

**What is new**

The text goes on in this size and with this space.

## Closing

Thank you for reading.
`,
};

/** Readers' links in it lead nowhere. @throws Error when it cannot be rendered */
export async function sampleHtml(config: Config, publication: Publication): Promise<string> {
  const { sample } = await prepare({ source: sources[publication.language], publication, config });
  return sample.html;
}

/** Refuses a publication whose mail cannot be made. @throws BroadsheetError PUBLICATION_INVALID, or what stands in the way */
export async function tryOut(config: Config, publication: Publication): Promise<void> {
  await sampleHtml(config, publication).catch(error => {
    if (error instanceof BroadsheetError) throw error;
    const help = 'Check the fields that you changed.';
    throw new BroadsheetError('PUBLICATION_INVALID', messageOf(error), { cause: error, help });
  });
}
