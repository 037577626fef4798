/* SPDX-License-Identifier: ISC */
/* The floor: a program that is started and ends. */
int main(void)
{
	return 0;
}
