import { comparedNights } from './compared.ts';

comparedNights('up to three incidents', 3);
