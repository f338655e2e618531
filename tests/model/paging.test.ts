import { comparedNights } from './compared.ts';

comparedNights('one incident', 1);
