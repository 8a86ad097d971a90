import { DataSource } from 'typeorm';
export type X = DataSource;