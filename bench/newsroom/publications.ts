/** Who writes in the newsroom: a weekly in Korean and a monthly in English. */
import { publicationSchema } from '../../src/model/publication.ts';

export const publications = [
  publicationSchema.parse({
    slug: 'weekly',
    name: '주간 언어 모델',
    description: '한 주의 언어 모델 연구를 읽기 좋게 간추려요.',
    language: 'ko',
    timeZone: 'Asia/Seoul',
    from: { name: '주간 언어 모델', address: 'news@newsroom.example' },
    replyTo: 'editor@newsroom.example',
    postalAddress: '서울특별시 중구 세종대로 110',
    phone: '02-000-0000',
    law: ['kr'],
    brand: { accent: '#0b5c55' },
    fields: { company: '', job: '' },
  }),
  publicationSchema.parse({
    slug: 'monthly',
    name: 'Models Monthly',
    description: 'A month of research on language models, in a quarter of an hour.',
    language: 'en',
    timeZone: 'Europe/London',
    from: { name: 'Models Monthly', address: 'news@newsroom.example' },
    postalAddress: '1 Example Street, London',
    law: ['gdpr'],
    brand: { accent: '#7a2e2e' },
    fields: { company: '', job: '' },
  }),
] as const;
